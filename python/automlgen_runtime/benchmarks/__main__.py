"""`python -m automlgen_runtime.benchmarks <method>`: JSON on standard input, JSON on standard output."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from automlgen_runtime.errors import UserFault


def grade(request: Mapping[str, Any]) -> dict[str, Any]:
    """`own`: our score, where a submission is named. `board`: facts of the first board; `boards`: scores of all."""
    from automlgen_runtime.benchmarks.boards import facts, read_board

    boards = [read_board(Path(path)) for path in request["boards"]]
    reply: dict[str, Any] = {"boards": [one.scores.tolist() for one in boards]}
    if boards:
        reply["board"] = facts(boards[0])
    if request.get("own"):
        from automlgen_runtime.benchmarks.own import own_score

        reply["own"] = own_score(request["own"])
    return reply


def requirements(request: Mapping[str, Any]) -> dict[str, Any]:
    from automlgen_runtime.benchmarks.needs import requirements as of

    checkout = request.get("checkout")
    return {"requirements": of(Path(checkout) if checkout else None, Path(request["entry"]))}


METHODS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "grade": grade,
    "requirements": requirements,
}


def main() -> int:
    reply: dict[str, Any]
    try:
        reply = METHODS[sys.argv[1]](json.load(sys.stdin))
    except UserFault as fault:
        reply = {"error": {"code": fault.code, "message": fault.message, "next": fault.next}}
    print(json.dumps(reply, allow_nan=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
