"""Every way into this package: `python -I -S <this folder> <command> <arguments>`.

`supervise <execution folder>` and `probe <request as JSON>` on a machine;
in a pod `fetch <endpoint file> <views>`, `pod <job folder> <workspace> <delivery>` and
`collector <endpoint file> <workspace> <delivery>`.
"""

import signal
import sys
from pathlib import Path


def obey_at_once(code: int) -> None:
    """The first process of a container does not hear an order to end for which it has no handler."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(code))


def run() -> int:
    sys.path.append(str(Path(__file__).resolve().parents[2]))
    match sys.argv[1:]:
        case ["supervise", folder]:
            from automlgen_runtime.entry.supervisor import supervise

            return supervise(Path(folder))
        case ["probe", request]:
            from automlgen_runtime.entry.probe import probe

            return probe(request)
        case ["pod", given, workspace, delivery]:
            obey_at_once(143)
            from automlgen_runtime.entry.pod import run_pod

            return run_pod(Path(given), Path(workspace), Path(delivery))
        case ["collector", endpoint, workspace, delivery]:
            obey_at_once(0)
            from automlgen_runtime.entry.collector import collect_outputs

            return collect_outputs(Path(endpoint), Path(workspace), Path(delivery))
        case ["fetch", endpoint, views]:
            obey_at_once(143)
            from automlgen_runtime.entry.fetch import fetch

            return fetch(Path(endpoint), Path(views))
        case words:
            raise SystemExit(f"Unknown words {words!r}: expected supervise, probe, pod, collector or fetch.")


sys.exit(run())
