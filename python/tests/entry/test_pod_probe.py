"""The probe of a pod against sockets of this machine."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from automlgen_runtime import pod_probe


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


def test_tells_an_open_port_from_a_closed_one(listener):
    closed = closed_port()
    found = pod_probe.look({"forbidden": [listener, closed], "endpoint": f"http://{listener}", "seconds": 1})
    assert found["reached"] == [listener]
    assert found["refused"] == [closed]
    assert found["endpoint"] == "reached"
    assert found["tried"] == 2


def test_a_name_that_does_not_resolve_is_silent_and_no_endpoint_is_none():
    found = pod_probe.look({"forbidden": ["no-such-host.invalid:443"], "seconds": 1})
    assert (found["reached"], found["refused"], found["endpoint"]) == ([], [], None)


def test_the_api_server_is_tried_unasked(listener, monkeypatch):
    host, port = listener.split(":")
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", host)
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", port)
    assert pod_probe.look({"seconds": 1})["reached"] == [listener]


def test_sees_a_mounted_token(monkeypatch, tmp_path):
    token = tmp_path / "token"
    monkeypatch.setattr(pod_probe, "TOKEN", token)
    assert pod_probe.look({"seconds": 1})["token"] is False
    token.write_text("secret", encoding="utf-8")
    assert pod_probe.look({"seconds": 1})["token"] is True


def test_a_peer_answers_until_its_time_is_over():
    host, port = closed_port().split(":")
    listening = threading.Thread(target=pod_probe.answer, args=(int(port), 2.0))
    listening.start()
    found: list[str] = []
    deadline = time.monotonic() + 2
    while "reached" not in found and time.monotonic() < deadline:
        found.append(pod_probe.look({"peer": f"{host}:{port}", "seconds": 1})["peer"])
        time.sleep(0.02)
    assert found[-1] == "reached"
    listening.join(10)
    assert not listening.is_alive()
    assert pod_probe.look({"peer": f"{host}:{port}", "seconds": 1})["peer"] == "refused"
    assert pod_probe.look({"seconds": 1})["peer"] is None


def test_a_limit_of_processes_is_found_by_trying():
    source = Path(pod_probe.__file__).read_text(encoding="utf-8")
    # The superuser has no such limit; any other user of this machine may have more processes already.
    limited = (
        "import os, resource, sys; namespace = {'__name__': 'probe'}; exec(sys.argv[1], namespace);"
        "os.getuid() or os.setuid(64_999); resource.setrlimit(resource.RLIMIT_NPROC, (60, 60));"
        "print(namespace['most_processes'](200))"
    )
    done = subprocess.run([sys.executable, "-c", limited, source], capture_output=True, check=True, text=True)
    assert 0 <= int(done.stdout) < 60
    assert os.getuid() != 0 or int(done.stdout) > 30
    assert pod_probe.most_processes(20) is None


def test_runs_from_its_source_alone(listener):
    source = Path(pod_probe.__file__).read_text(encoding="utf-8")
    request = json.dumps({"forbidden": [listener], "seconds": 1})
    command = [sys.executable, "-I", "-S", "-c", source, request]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert json.loads(done.stdout)["reached"] == [listener]
