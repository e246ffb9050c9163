"""The folders of one execution. `control` lies beside `work` and is never shown to the program."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Folders:
    top: Path

    @property
    def control(self) -> Path:
        return self.top / "control"

    @property
    def work(self) -> Path:
        return self.top / "work"

    @property
    def request(self) -> Path:
        return self.control / "request.json"

    @property
    def program(self) -> Path:
        return self.control / "program.py"

    @property
    def lock(self) -> Path:
        return self.control / "lock"

    @property
    def pid(self) -> Path:
        return self.control / "pid.json"

    @property
    def slot(self) -> Path:
        return self.control / "slot.json"

    @property
    def progress(self) -> Path:
        return self.control / "progress.json"

    @property
    def cancel(self) -> Path:
        return self.control / "cancel.json"

    @property
    def starts(self) -> Path:
        """One line for each program start, so that "started once" can be checked."""
        return self.control / "starts.log"

    @property
    def status(self) -> Path:
        """Present exactly when the execution has ended."""
        return self.control / "status.json"

    def outputs(self, view: str) -> Path:
        return self.control / "outputs" / view
