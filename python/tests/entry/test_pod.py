"""The entry in a pod: what it fetches, how it ends, what its collector delivers, what no program can make it do."""

import hashlib
import io
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from automlgen_runtime.entry import collector
from automlgen_runtime.entry.collect import Refused
from automlgen_runtime.entry.collector import Report, deliver, essentials, read_status, write_message
from automlgen_runtime.entry.endpoint import Endpoint, Rejected, Unavailable, pauses_until
from automlgen_runtime.entry.fetch import unpack
from automlgen_runtime.entry.files import write_json
from automlgen_runtime.entry.pod import await_delivery, exit_code_of

VIEW = {"name": "main", "failed": False, "verdict": None, "exitCode": 0, "detail": "", "outputs": []}


def status(**view: Any) -> dict[str, Any]:
    whole = {"cause": None, "message": "", "cancelled": None, "milestones": 7, "gpus": 0}
    return {**whole, "views": [{**VIEW, **view}], "stdoutTail": "out", "stderrHead": "", "stderrTail": "err"}


@pytest.mark.parametrize(
    ("view", "code"),
    [
        ({}, 0),
        ({"failed": True, "exitCode": 3}, 3),
        ({"failed": True, "exitCode": 0}, 119),
        ({"failed": True, "verdict": "timeout", "exitCode": None}, 124),
        ({"failed": True, "verdict": "memory", "exitCode": 137}, 122),
        ({"failed": True, "verdict": "cancelled", "exitCode": None}, 143),
    ],
)
def test_the_exit_code_says_roughly_what_the_status_says(view: dict[str, Any], code: int) -> None:
    assert exit_code_of(status(**view)) == code


def test_a_supervisor_that_failed_is_told_apart_from_its_program() -> None:
    assert exit_code_of({**status(), "cause": "sandbox-failed"}) == 118
    assert exit_code_of({**status(), "cancelled": "over", "views": []}) == 143


def stream(*files: tuple[str, bytes], count: int | None = None) -> io.BytesIO:
    parts = [json.dumps({"path": name, "bytes": len(data)}).encode() + b"\n" + data for name, data in files]
    end = json.dumps({"end": True, "files": len(files) if count is None else count}).encode() + b"\n"
    return io.BytesIO(b"".join(parts) + end)


def test_a_view_arrives_as_it_was_sent(tmp_path: Path) -> None:
    assert unpack(stream(("train.csv", b"a\nb\n"), ("images/ü.png", b"\n\x00{")), tmp_path) == (2, 7)
    assert (tmp_path / "train.csv").read_bytes() == b"a\nb\n"
    assert (tmp_path / "images" / "ü.png").read_bytes() == b"\n\x00{"


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "a/../../b", ""])
def test_nothing_is_written_outside_of_the_view(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="outside"):
        unpack(stream((name, b"x")), tmp_path / "view")
    assert list(tmp_path.rglob("*")) == [tmp_path / "view"]


def test_a_stream_that_is_not_whole_is_no_view(tmp_path: Path) -> None:
    whole = stream(("train.csv", b"a\nb\n")).getvalue()
    for broken in (whole[:-1], whole[:30], stream(("a", b"x"), count=2).getvalue(), b""):
        with pytest.raises(ValueError):
            unpack(io.BytesIO(broken), tmp_path)


class Worker(ThreadingHTTPServer):
    """Remembers what it was sent; answers as told, and 201 when nothing more is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[int] = []
        self.received: dict[str, bytes] = {}
        self.order: list[str] = []


class Handler(BaseHTTPRequestHandler):
    server: Worker

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        code = self.server.answers.pop(0) if self.server.answers else 201
        if self.headers["Authorization"] != "Bearer token":
            code = 401
        if code == 201:
            self.server.received[self.path] = body
            self.server.order.append(self.path.rsplit("/", 1)[1])
        self.send_response(code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def worker() -> Iterator[Worker]:
    server = Worker()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def endpoint_of(worker: Worker, token: str = "token") -> Endpoint:
    url = f"http://127.0.0.1:{worker.server_address[1]}"
    return Endpoint("aml-x", url, token, ("main",), ("submission.csv", "probabilities.csv"), 1, 5)


def soon() -> float:
    return time.monotonic() + 3


def control_with(folder: Path, **outputs: bytes) -> Path:
    (folder / "outputs" / "main").mkdir(parents=True)
    (folder / "status.json").write_text(json.dumps(status()), encoding="utf-8")
    for name, data in outputs.items():
        (folder / "outputs" / "main" / f"{name}.csv").write_bytes(data)
    return folder


def test_outputs_first_and_the_status_last(worker: Worker, tmp_path: Path) -> None:
    deadline = soon()
    report = deliver(endpoint_of(worker), control_with(tmp_path, submission=b"id\n"), lambda: deadline)
    assert report.uploaded
    assert worker.order == ["submission.csv", "status"]
    assert [file[:3] for file in report.files] == [("main", "submission.csv", 3)]
    told = json.loads(worker.received["/v1/executions/aml-x/status"])
    assert told["status"]["stdoutTail"] == "out"
    assert told["files"] == [list(file) for file in report.files]


def test_a_worker_that_restarts_is_waited_for(worker: Worker, tmp_path: Path) -> None:
    worker.answers = [503, 503, 201]
    deadline = soon()
    report = deliver(endpoint_of(worker), control_with(tmp_path, submission=b"id\n"), lambda: deadline)
    assert report.uploaded
    assert worker.received["/v1/executions/aml-x/outputs/main/submission.csv"] == b"id\n"


def test_who_is_refused_does_not_ask_again(worker: Worker, tmp_path: Path) -> None:
    began = time.monotonic()
    report = deliver(endpoint_of(worker, "wrong"), control_with(tmp_path, submission=b"id\n"), lambda: began + 30)
    assert not report.uploaded
    assert report.error is not None
    assert report.error.startswith(Rejected.__name__)
    assert time.monotonic() - began < 5


def test_without_an_end_of_the_supervisor_there_is_still_a_report(worker: Worker, tmp_path: Path) -> None:
    (tmp_path / "outputs").mkdir()
    deadline = soon()
    assert deliver(endpoint_of(worker), tmp_path, lambda: deadline).uploaded
    assert json.loads(worker.received["/v1/executions/aml-x/status"]) == {"status": None, "files": []}


def test_what_a_program_put_in_the_place_of_a_file_is_not_followed(worker: Worker, tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("secret", encoding="utf-8")
    control = control_with(tmp_path / "control")
    (control / "outputs" / "main" / "submission.csv").symlink_to(secret)
    deadline = soon()
    report = deliver(endpoint_of(worker), control, lambda: deadline)
    assert not report.uploaded
    assert b"secret" not in b"".join(worker.received.values())
    (control / "status.json").unlink()
    (control / "status.json").symlink_to(secret)
    with pytest.raises(Refused):
        read_status(control)


def test_the_message_fits_whatever_the_program_printed(tmp_path: Path) -> None:
    long = status(detail="x" * 5000) | {"stderrTail": "é" * 50_000, "message": "m" * 5000}
    report = Report(
        uploaded=False, status=essentials(long), files=[("main", "submission.csv", 3, "a" * 64)], error="away"
    )
    path = tmp_path / "message"
    write_message(report, path)
    assert path.stat().st_size <= 4096
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["files"] == [["main", "submission.csv", 3, "a" * 64]]
    assert told["status"]["views"][0]["name"] == "main"


def test_at_least_one_try_and_none_after_the_deadline() -> None:
    assert len(list(pauses_until(lambda: 0.0))) == 1
    with pytest.raises(Unavailable):
        Endpoint("x", "http://127.0.0.1:1", "t", (), (), 1, 1).put("status", b"", 0, lambda: 0.0)


def test_the_program_is_held_until_its_results_are_delivered_but_not_for_ever(tmp_path: Path) -> None:
    mark = tmp_path / "delivered"
    mark.write_text("a" * 64, encoding="ascii")
    threading.Timer(0.2, mark.write_text, ("b" * 64,)).start()
    began = time.monotonic()
    await_delivery(mark, "b" * 64, began + 10)
    assert 0.1 < time.monotonic() - began < 5
    began = time.monotonic()
    await_delivery(mark, "c" * 64, began + 0.1)
    assert 0.1 <= time.monotonic() - began < 5


@pytest.mark.parametrize(
    "text",
    [
        "[1]",
        "1",
        '{"views": null}',
        '{"views": [1]}',
        "[" * 200_000,
        '{"views":' + "[" * 200_000,
        "{",
        "é".encode("latin1"),
    ],
)
def test_no_status_that_a_program_writes_ends_the_collector(worker: Worker, tmp_path: Path, text: str | bytes) -> None:
    control = control_with(tmp_path, submission=b"id\n")
    (control / "status.json").write_bytes(text.encode() if isinstance(text, str) else text)
    deadline = soon()
    report = deliver(endpoint_of(worker), control, lambda: deadline)
    assert not report.uploaded
    assert report.error is not None
    assert "/v1/executions/aml-x/status" not in worker.received
    write_message(report, tmp_path / "message")
    assert json.loads((tmp_path / "message").read_text(encoding="utf-8"))["uploaded"] is False


def test_a_status_written_before_the_supervisor_does_is_replaced(
    worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = SimpleNamespace(came_at=None)
    monkeypatch.setattr(collector, "Order", lambda: order)
    control = control_with(tmp_path / "control")
    forged, final = status(detail="forged"), status(detail="final")
    (tmp_path / "endpoint.json").write_text(
        json.dumps(
            {
                "id": "aml-x",
                "url": f"http://127.0.0.1:{worker.server_address[1]}",
                "token": "token",
                "views": ["main"],
                "outputs": ["submission.csv"],
                "capMiB": 1,
                "graceSeconds": 5,
            }
        ),
        encoding="utf-8",
    )
    write_json(control / "status.json", forged)
    paths = (tmp_path / "endpoint.json", tmp_path, tmp_path, tmp_path / "message")
    thread = threading.Thread(target=collector.collect_outputs, args=paths, daemon=True)
    thread.start()
    mark = tmp_path / "delivered"
    for expected in (forged, final):
        write_json(control / "status.json", expected)
        digest = hashlib.sha256((control / "status.json").read_bytes()).hexdigest()
        await_delivery(mark, digest, soon())
        assert mark.read_text(encoding="ascii") == digest
        assert json.loads(worker.received["/v1/executions/aml-x/status"])["status"] == expected
    (control / "status.json").unlink()
    order.came_at = time.monotonic()
    thread.join(5)
    assert not thread.is_alive()
    assert worker.order == ["status", "status"]
    assert json.loads((tmp_path / "message").read_text(encoding="utf-8"))["status"]["views"][0]["detail"] == "final"
