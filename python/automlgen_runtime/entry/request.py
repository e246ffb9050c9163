"""What the supervisor is asked to run. Written by the executor, read once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from automlgen_runtime.entry.files import read_json

Level = Literal["full", "pod", "process+uid", "process"]
"""How strongly a program is confined; the names are those of the capabilities. `pod`: by the container around us."""


@dataclass(frozen=True)
class View:
    name: str
    input: Path


@dataclass(frozen=True)
class Limits:
    cpus: float
    memory_mib: int
    disk_mib: int
    shm_mib: int
    gpus: int
    pids: int
    run_seconds: float

    @property
    def tmp_mib(self) -> int:
        """`/tmp` lies in memory, so it gets a part of that."""
        return max(64, min(1024, self.memory_mib // 4))


@dataclass(frozen=True)
class Request:
    id: str
    level: Level
    bwrap: Path | None
    python: Path
    slots_folder: Path
    slots: int
    views: tuple[View, ...]
    limits: Limits
    network: Literal["none", "open"]
    environment: dict[str, str]
    outputs: tuple[str, ...]
    output_cap_mib: int


def read_request(path: Path) -> Request:
    data: dict[str, Any] = read_json(path)
    limits = data["limits"]
    return Request(
        id=data["id"],
        level=data["level"],
        bwrap=Path(data["bwrap"]) if data.get("bwrap") else None,
        python=Path(data["python"]),
        slots_folder=Path(data["slotsFolder"]),
        slots=data["slots"],
        views=tuple(View(view["name"], Path(view["input"])) for view in data["views"]),
        limits=Limits(
            cpus=limits["cpus"],
            memory_mib=limits["memoryMiB"],
            disk_mib=limits["diskMiB"],
            shm_mib=limits["shmMiB"],
            gpus=limits["gpus"],
            pids=limits["pids"],
            run_seconds=limits["runSeconds"],
        ),
        network=data["network"],
        environment=data["environment"],
        outputs=tuple(data["outputs"]),
        output_cap_mib=data["outputCapMiB"],
    )
