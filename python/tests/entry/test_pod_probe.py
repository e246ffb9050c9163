"""The probe of a pod against sockets of this machine."""

import json
import socket
import subprocess
import sys
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


def test_runs_from_its_source_alone(listener):
    source = Path(pod_probe.__file__).read_text(encoding="utf-8")
    request = json.dumps({"forbidden": [listener], "seconds": 1})
    command = [sys.executable, "-I", "-S", "-c", source, request]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert json.loads(done.stdout)["reached"] == [listener]
