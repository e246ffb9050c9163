"""A program in a pod shares its user with the supervisor: what it leaves in the control folder changes no outcome."""

import hashlib
import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from automlgen_runtime.entry import __file__ as entry
from automlgen_runtime.entry import collector
from automlgen_runtime.entry.control import clear, renew
from automlgen_runtime.entry.endpoint import Endpoint

RESULT = b"id,y\n1,0\n"
WRITE = "open('working/submission.csv', 'w').write('id,y\\n1,0\\n')\n"
# The supervisor writes its files beside their place first, under its own process id.
HEAD = """
import json, os, pathlib, shutil, sys
control = pathlib.Path.cwd().parent.parent / 'control'
places = [control / name for name in ('status.json', f'.status.json.{os.getppid()}', 'cancel.json', 'program.py',
                                      'request.json', 'outputs/main/submission.csv', 'progress.json')]
(control / 'outputs/main').mkdir(parents=True)
for place in places:
    place.unlink(missing_ok=True)
"""
FORGED = """
whole = {'name': 'main', 'exitCode': 0, 'signal': None, 'verdict': None, 'detail': '', 'seconds': 1, 'cpuSeconds': 1,
         'peakMemoryMiB': 1, 'outOfMemoryKills': 0, 'stopped': True, 'failed': False,
         'outputs': [{'name': 'submission.csv', 'bytes': 9}]}
status = {'cause': None, 'message': '', 'cancelled': None, 'views': [whole], 'milestones': 7, 'gpus': 0,
          'stdoutTail': 'forged', 'stderrHead': '', 'stderrTail': ''}
for place in places:
    place.write_text(json.dumps({'reason': 'forged'} if place.stem == 'cancel' else status))
"""
TRAPS = {
    "pipes": "for place in places: os.mkfifo(place)",
    "folders": "for place in places: (place / 'deep' / 'deeper').mkdir(parents=True)",
    "links to a device without end": "for place in places: place.symlink_to('/dev/zero')",
    "a link for the whole folder": "shutil.rmtree(control); control.symlink_to('/dev')",
    "forged files": FORGED,
}


def given_to(folder: Path, program: str) -> tuple[Path, Path, Path]:
    given, workspace, delivery, view = (folder / name for name in ("given", "workspace", "delivery", "view"))
    for one in (given, workspace, delivery, view):
        one.mkdir()
    (view / "train.csv").write_text("id,y\n1,0\n", encoding="utf-8")
    limits = {"cpus": 1, "memoryMiB": 512, "diskMiB": 64, "shmMiB": 16, "gpus": 0, "pids": 64, "runSeconds": 10}
    request = {
        "id": "aml-x",
        "level": "pod",
        "bwrap": None,
        "python": sys.executable,
        "slotsFolder": str(workspace / "control" / "slots"),
        "slots": 1,
        "views": [{"name": "main", "input": str(view)}],
        "limits": limits,
        "network": "none",
        "environment": {},
        "outputs": ["submission.csv"],
        "outputCapMiB": 1,
    }
    (given / "request.json").write_text(json.dumps(request), encoding="utf-8")
    (given / "program.py").write_text(program, encoding="utf-8")
    return given, workspace, delivery


class Pod:
    """The main container as it is started in a pod, and the collector beside it; the worker's part is a list."""

    def __init__(self, folder: Path, program: str, monkeypatch: pytest.MonkeyPatch) -> None:
        given, workspace, delivery = given_to(folder, program)
        self.sent: dict[str, bytes] = {}
        self.order = SimpleNamespace(came_at=None)
        endpoint = Endpoint("aml-x", "http://127.0.0.1:1", "t", ("main",), ("submission.csv",), 1, 5)
        monkeypatch.setattr(collector, "Order", lambda: self.order)
        monkeypatch.setattr(collector, "read_endpoint", lambda _: endpoint)
        monkeypatch.setattr(Endpoint, "put", lambda _self, path, body, size, _deadline: self.take(path, body, size))
        paths = (folder / "endpoint", workspace, delivery, folder / "message")
        self.collector = threading.Thread(target=collector.collect_outputs, args=paths, daemon=True)
        self.main = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(entry).parent), "pod", str(given), str(workspace), str(delivery)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.collector.start()

    def take(self, path: str, body: Any, size: int) -> None:
        if hasattr(body, "seek"):
            body.seek(0)
            body = body.read()
        assert len(body) == size
        self.sent[path] = body

    def end(self) -> tuple[int, dict[str, Any]]:
        """Exit code, and the last status that was delivered."""
        code = self.main.wait(20)
        self.order.came_at = time.monotonic()
        self.collector.join(10)
        assert not self.collector.is_alive()
        return code, json.loads(self.sent["status"])


@pytest.mark.parametrize("trap", list(TRAPS))
def test_a_program_that_did_its_work_has_done_it_whatever_it_left(
    trap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, told = Pod(tmp_path, f"{HEAD}{WRITE}{TRAPS[trap]}\nprint('own words')", monkeypatch).end()
    assert code == 0
    assert told["status"]["cause"] is None
    assert told["status"]["cancelled"] is None
    assert told["status"]["stdoutTail"] == "own words\n"
    assert told["files"] == [["main", "submission.csv", len(RESULT), hashlib.sha256(RESULT).hexdigest()]]


@pytest.mark.parametrize("trap", ["pipes", "forged files"])
def test_a_program_that_failed_has_failed_whatever_it_left(
    trap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pod = Pod(tmp_path, f"{HEAD}{WRITE}{TRAPS[trap]}\nsys.exit(3)", monkeypatch)
    code, told = pod.end()
    assert code == 3
    assert told["files"] == []
    [view] = told["status"]["views"]
    assert (view["exitCode"], view["failed"], told["status"]["cancelled"]) == (3, True, None)


def test_a_program_that_takes_its_folder_away_is_at_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = "import os, time; os.rename('../main', '../elsewhere'); time.sleep(30)"
    code, told = Pod(tmp_path, program, monkeypatch).end()
    assert code == 121
    assert told["status"]["cause"] is None
    assert told["status"]["views"][0]["detail"].startswith("its folder cannot be looked into")


def test_a_fault_of_the_supervisor_is_none_of_the_program(tmp_path: Path) -> None:
    given, workspace, delivery = given_to(tmp_path, "print(1)")
    (given / "request.json").write_text("{", encoding="utf-8")
    command = [sys.executable, "-I", "-S", str(Path(entry).parent), "pod", str(given), str(workspace), str(delivery)]
    done = subprocess.run(command, capture_output=True, timeout=20, check=False)
    assert done.returncode == 118
    assert b"JSONDecodeError" in done.stderr


def test_what_is_cleared_takes_nothing_with_it(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").write_text("x", encoding="utf-8")
    for link in (tmp_path / "link", tmp_path / "gone"):
        link.symlink_to(kept)
        clear(link)
        clear(link)
    control = tmp_path / "control"
    (control / "inner").mkdir(parents=True)
    (control / "inner" / "link").symlink_to(kept)
    (control / "inner").chmod(0)
    control.chmod(0)
    renew(control)
    assert list(control.iterdir()) == []
    assert [one.name for one in kept.iterdir()] == ["file"]
