"""`python -I -S <this folder> supervise <execution folder>` or `… probe <request as JSON>`."""

import sys
from pathlib import Path


def run() -> int:
    sys.path.append(str(Path(__file__).resolve().parents[2]))
    command, argument = sys.argv[1:]
    if command == "supervise":
        from automlgen_runtime.entry.supervisor import supervise

        return supervise(Path(argument))
    if command == "probe":
        from automlgen_runtime.entry.probe import probe

        return probe(argument)
    raise SystemExit(f"Unknown command {command!r}: expected supervise or probe.")


sys.exit(run())
