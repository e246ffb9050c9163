"""How far a program got, guessed from its source and from the line where it stopped.

Nothing is added to the program and it reports nothing itself. The trace-back (or the position that Python prints when
the time is up) names the line of each frame; what stands before it in each function has been passed. A hint, no proof.
"""

import ast
import re
from collections.abc import Iterator

from automlgen_runtime.entry.view import Ended

STAGES = ("import", "read", "fit", "metric", "predict", "probabilities", "output")
ALL = len(STAGES)
FRAME = re.compile(r'File "[^"]*solution\.py", line (\d+)(?:, | )in (\S+)')
READERS = {"imread", "listdir", "glob", "rglob", "scandir", "open", "fromfile"}
WRITERS = {"to_csv", "savetxt", "to_parquet", "writerows"}
METRIC = re.compile(r".*(_score|_error|_loss|_deviance)$|^score$")


def milestones(program: str, ended: Ended) -> int:
    """How many of the seven stages lie before the place where the program stopped; 0 when that place is unknown."""
    try:
        tree = ast.parse(program)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return 0
    if ended.exit_code == 0:
        return min(ALL - 1, len(set(stages_of(tree.body, _functions(tree), frozenset()))))
    frames = last_trace(ended.stderr.head + "\n" + ended.stderr.tail)
    functions = _functions(tree)
    passed: set[str] = set()
    for line, name in frames:
        body = tree.body if name == "<module>" else functions.get(name, [])
        passed |= set(stages_of([one for one in body if (one.end_lineno or one.lineno) < line], functions, frozenset()))
        passed |= set(_inside(body, line, functions))
    return len(passed)


def last_trace(stderr: str) -> list[tuple[int, str]]:
    """The frames of the program in the last trace-back, as line and function."""
    start = max(stderr.rfind("Traceback (most recent call last)"), stderr.rfind("(most recent call first)"), 0)
    return [(int(line), name) for line, name in FRAME.findall(stderr[start:])]


def _inside(body: list[ast.stmt], line: int, functions: dict[str, list[ast.stmt]]) -> Iterator[str]:
    """Stages of the statements that come before `line` within the compound statement around it."""
    for statement in body:
        if statement.lineno <= line <= (statement.end_lineno or statement.lineno):
            inner = [one for one in ast.walk(statement) if isinstance(one, ast.stmt) and one is not statement]
            before = [one for one in inner if (one.end_lineno or one.lineno) < line]
            yield from stages_of(before, functions, frozenset())


def stages_of(body: list[ast.stmt], functions: dict[str, list[ast.stmt]], seen: frozenset[str]) -> Iterator[str]:
    """Stages that the statements reach, through the program's own functions that they call."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(statement, ast.Import | ast.ImportFrom):
            yield "import"
        for node in ast.walk(statement):
            if isinstance(node, ast.Call):
                name = _called(node)
                yield from _stages_of_call(name)
                if name in functions and name not in seen:
                    yield from stages_of(functions[name], functions, seen | {name})


def _stages_of_call(name: str) -> Iterator[str]:
    if name.startswith("read_") or name in READERS:
        yield "read"
    if name.startswith("fit") or name == "train":
        yield "fit"
    if METRIC.match(name):
        yield "metric"
    if name.startswith("predict"):
        yield "predict"
    if name == "predict_proba":
        yield "probabilities"
    if name in WRITERS:
        yield "output"


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _functions(tree: ast.Module) -> dict[str, list[ast.stmt]]:
    return {node.name: node.body for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
