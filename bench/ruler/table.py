"""Writes the tables of the ablation into docs/evaluation.md, between markers. The same results give the same bytes.

PYTHONPATH=python:bench python -m ruler.table [--results folder] [--document docs/evaluation.md]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ruler.intervals import (
    BySeed,
    Interval,
    Result,
    counts,
    interval,
    losses,
    mean_and_error,
    optimism,
    paired,
    results,
)

HERE = Path(__file__).resolve().parent
BEGIN, END = "<!-- ruler-ablation:begin -->", "<!-- ruler-ablation:end -->"

SCORERS = (
    ("own", "refit", "own random fifth per program, blind to groups"),
    ("printed", "refit", "the line that each program prints"),
    ("cv", "refit", "truthful cross-validation on frozen rows"),
    ("search", "refit", "hidden rows, 10 % (search)"),
    ("pooled", "refit", "hidden rows, 20 % (search + final)"),
    ("pooled", "searched", "the same without refits"),
    ("final", "refit", "best 12 by search rows, final rows decide"),
    ("folds", "searched", "K-fold, mean of the fold models"),
    ("folds", "refit", "K-fold, refit"),
    ("race", "searched", "K-fold race"),
)
TAKES = (("best", "best single"), ("ties", "mean of ties"), ("blend", "blend"), ("product", "the product's rule"))

CONTRASTS = (
    ("own split instead of hidden rows, best", "own/best/refit", "pooled/best/refit"),
    ("truthful CV instead of hidden rows, best", "cv/best/refit", "pooled/best/refit"),
    ("truthful CV instead of hidden rows, blend", "cv/blend/refit", "pooled/blend/refit"),
    ("search rows alone instead of search + final, best", "search/best/refit", "pooled/best/refit"),
    ("final rows decide instead of search + final, best", "final/best/refit", "pooled/best/refit"),
    ("a blend must win on the final rows, instead of always", "final/blend/refit", "search/blend/refit"),
    ("mean of ties instead of best, hidden rows", "pooled/ties/refit", "pooled/best/refit"),
    ("blend instead of best, hidden rows", "pooled/blend/refit", "pooled/best/refit"),
    ("blend instead of mean of ties, hidden rows", "pooled/blend/refit", "pooled/ties/refit"),
    ("mean of ties instead of best, K-fold", "folds/ties/searched", "folds/best/searched"),
    ("blend instead of best, K-fold", "folds/blend/searched", "folds/best/searched"),
    ("blend instead of mean of ties, K-fold", "folds/blend/searched", "folds/ties/searched"),
    ("no refit instead of refit, hidden rows, best", "pooled/best/searched", "pooled/best/refit"),
    ("no refit instead of refit, hidden rows, blend", "pooled/blend/searched", "pooled/blend/refit"),
    ("mean of fold models instead of refit, K-fold, best", "folds/best/searched", "folds/best/refit"),
    ("mean of fold models instead of refit, K-fold, blend", "folds/blend/searched", "folds/blend/refit"),
    ("K-fold instead of hidden rows, best", "folds/best/searched", "pooled/best/refit"),
    ("K-fold instead of hidden rows, blend", "folds/blend/searched", "pooled/blend/refit"),
    ("race instead of K-fold, blend", "race/blend/searched", "folds/blend/searched"),
    (
        "race with ties within one standard error instead of K-fold, blend",
        "race-one/blend/searched",
        "folds/blend/searched",
    ),
    ("race without its tie rule instead of K-fold, blend", "race-strict/blend/searched", "folds/blend/searched"),
)

COSTS = (
    ("pooled", "refit", "hold-out (search + final), all programs"),
    ("folds-budget", "searched", "plain K-fold, a fifth of the programs"),
    ("race-budget", "searched", "the product's race, until the fits are used up"),
    (
        "race-after-budget",
        "searched",
        "race told afterwards: five ninths of the programs, their best fifth on all folds",
    ),
    ("race-strict", "searched", "race without its tie rule, all programs"),
    ("race-one", "searched", "race with ties within one standard error, all programs"),
    ("race", "searched", "the product's race, all programs"),
    ("folds", "searched", "plain K-fold, all programs"),
)

SCORES = (
    ("own/best", "own random fifth, best"),
    ("printed/best", "printed line, best"),
    ("cv/best", "truthful CV, best"),
    ("search/best", "search rows, best"),
    ("search/blend", "search rows, blend"),
    ("pooled/best", "search + final, best"),
    ("pooled/blend", "search + final, blend"),
    ("folds/best", "K-fold, best"),
    ("folds/blend", "K-fold, blend"),
)
ESTIMATES = (
    ("pooled-estimate/product", "published estimate, hold-out"),
    ("folds-estimate/product", "published estimate, K-fold"),
)


def document(found: Sequence[Result]) -> str:
    """Everything between the markers.

    Competitions in time have no K-fold mode, and errors that grow with the distance: they count in no mean.
    """
    plain = [result for result in found if result["settings"][0]["relation"] != "time"]
    means = [main_table(plain), contrasts(plain), scores(plain), costs(plain)]
    return "\n\n".join([setup(found, plain), *means, helps(found), by_task(found)])


def setup(found: Sequence[Result], plain: Sequence[Result]) -> str:
    settings = [setting for result in found for setting in result["settings"]]
    seconds = sum(setting["cpuSeconds"] for setting in settings)
    rows = [result["rows"]["labelled"] for result in plain]
    return (
        f"{len(found)} practice competitions, {len(settings)} settings (competition and builder seed; seeds "
        f"{', '.join(map(str, sorted({setting['seed'] for setting in settings})))}; five hidden parts in each, one in "
        "a task in time), "
        f"{_span([setting['programs'] for setting in settings])} programs each, {seconds / 60:.0f} CPU minutes. The "
        "programs are the composer's, kept by cost and never by score; large competitions are cut down to what that "
        f"budget pays for. Hidden parts thus have {round(min(rows) / 5):,} to {round(max(rows) / 5):,} rows, half of "
        "them search rows, where the product mostly uses folds. Means are over the "
        f"{len(plain)} competitions whose rows are not in the order of time."
    )


def _cut(kept: int, before: int) -> str:
    return f"{kept:,}" if kept == before else f"{kept:,} of {before:,}"


def _span(values: Sequence[int]) -> str:
    return str(min(values)) if min(values) == max(values) else f"{min(values)} to {max(values)}"


def main_table(found: Sequence[Result]) -> str:
    head = (
        "**Loss on the private test**, in % of error above the pool's best refitted single program (an oracle: 0 is "
        "perfect, below 0 beats every single). Means over competitions, in brackets 95 % intervals over competitions "
        "and seeds. A dash: there are no common rows to learn from, or the rule is not defined."
    )
    rows = [[name, *(_cell(losses(found, f"{rule}/{take}/{fit}")) for take, _ in TAKES)] for rule, fit, name in SCORERS]
    return f"{head}\n\n{_table(['who scores', *(name for _, name in TAKES)], rows)}"


def contrasts(found: Sequence[Result]) -> str:
    head = (
        "**Paired differences** of these losses, in points: positive means that the first choice loses more. Bold: the "
        "interval excludes 0. The last column counts competitions in which the first is better."
    )
    rows = []
    for name, first, second in CONTRASTS:
        gaps = paired(losses(found, first), losses(found, second))
        if gaps:
            better = sum(mean_and_error(values)[0] < 0 for values in gaps.values())
            rows.append([name, _shown(interval(gaps), signed=True), f"{better} of {len(gaps)}"])
    return f"{head}\n\n{_table(['choice', 'difference', 'better in'], rows)}"


HELPS = (
    ("own split, best", "own/best/refit", "pooled/best/refit"),
    ("truthful CV, best", "cv/best/refit", "pooled/best/refit"),
    ("truthful CV, blend", "cv/blend/refit", "pooled/blend/refit"),
)


def helps(found: Sequence[Result]) -> str:
    """Competition by competition, whether hidden rows chose better than what programs say of themselves."""
    tables = [paired(losses(found, first), losses(found, second)) for _, first, second in HELPS]
    rows, silent = [], []
    for result in found:
        name = result["competition"]
        gaps = [mean_and_error(table[name]) if name in table else None for table in tables]
        rows.append([*_about(result), *map(_gap, gaps)])
        if not any(gap and gap[0] > 2 * gap[1] for gap in gaps):
            silent.append(name)
    head = (
        "**Where hidden rows do not help.** Loss of the other way of scoring minus loss with 20 % hidden rows, ± one "
        "standard error over seeds: positive is in favour of hidden rows. No gain beyond two standard errors in any "
        f"column: {', '.join(silent) if silent else 'none'}.{ROUGH if _few_seeds(found) else ''}"
    )
    names = ["competition", "metric", "split", "rows", "test", "programs", "seeds", *(name for name, _, _ in HELPS)]
    return f"{head}\n\n{_table(names, rows)}"


ROUGH = " Errors from fewer than four seeds are rough: read the sign, not the size."


def _few_seeds(found: Sequence[Result]) -> bool:
    return any(len(result["settings"]) < 4 for result in found)


def _gap(gap: tuple[float, float] | None) -> str:
    if gap is None:
        return "–"
    return f"{gap[0]:+.2f} ± {gap[1]:.2f}" if gap[1] == gap[1] else f"{gap[0]:+.2f}"


def _about(result: Result) -> list[str]:
    rows, settings = result["rows"], result["settings"]
    return [
        result["competition"],
        result["metric"],
        settings[0]["relation"],
        _cut(rows["labelled"], rows["labelledBefore"]),
        _cut(rows["test"], rows["testBefore"]),
        _span([setting["programs"] for setting in settings]),
        str(len(settings)),
    ]


def scores(found: Sequence[Result]) -> str:
    head = (
        "**Optimism**: by how much the score that chose was too good for the same fitted models, in % of the error of "
        "the best refitted single. *Net*: beyond the average program, so that harder private rows do not count."
    )
    rows = [
        [name, _cell(optimism(found, key), signed=True), _cell(optimism(found, key, True), True)]
        for key, name in SCORES
    ]
    rows += [[name, _cell(optimism(found, key), signed=True), "–"] for key, name in ESTIMATES]
    return f"{head}\n\n{_table(['score', 'optimism, %', 'net, %'], rows)}"


def costs(found: Sequence[Result]) -> str:
    head = (
        "**Equal cost.** Cost in fits, as a multiple of one fit per program; refits are left out. The race promotes "
        "the best fifth of the pool, as the product does in runs of 60 programs, and whoever is within two paired "
        "standard errors of the third best."
    )
    rows = []
    for rule, fit, name in COSTS:
        spent = counts(found, f"{rule}/fits")
        cost = (
            "1.0" if rule == "pooled" else "5.0" if rule == "folds" else f"{interval(spent).mean:.1f}" if spent else "–"
        )
        rows.append([name, cost, *(_cell(losses(found, f"{rule}/{take}/{fit}")) for take, _ in TAKES[:3])])
    return f"{head}\n\n{_table(['rule', 'cost', *(name for _, name in TAKES[:3])], rows)}"


def by_task(found: Sequence[Result]) -> str:
    head = "**By competition**: mean loss over seeds, in %."
    keys = (
        ("own split, best", "own/best/refit"),
        ("truthful CV, best", "cv/best/refit"),
        ("truthful CV, blend", "cv/blend/refit"),
        ("search rows, best", "search/best/refit"),
        ("search + final, best", "pooled/best/refit"),
        ("search + final, ties", "pooled/ties/refit"),
        ("search + final, blend", "pooled/blend/refit"),
        ("K-fold, best", "folds/best/searched"),
        ("K-fold, ties", "folds/ties/searched"),
        ("K-fold, blend", "folds/blend/searched"),
        ("race, blend", "race/blend/searched"),
    )
    names = [result["competition"] for result in found]
    rows = []
    for name, key in keys:
        table = losses(found, key)
        rows.append([name, *(f"{mean_and_error(table[n])[0]:.2f}" if n in table else "–" for n in names)])
    return f"{head}\n\n{_table(['rule', *(name.split('-')[0] for name in names)], rows)}"


def _cell(table: BySeed, signed: bool = False) -> str:
    return _shown(interval(table), signed, bold=False) if table else "–"


def _shown(found: Interval, signed: bool = False, bold: bool = True) -> str:
    sign = "+" if signed else ""
    text = f"{found.mean:{sign}.2f} [{found.low:.2f}, {found.high:.2f}]"
    return f"**{text}**" if bold and found.clear else text


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def placed(text: str, tables: str) -> str:
    """The document with what stands between the markers replaced."""
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise ValueError(f"The document needs {BEGIN} and, after it, {END}, each once.")
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{tables}\n{END}{rest.split(END)[1]}"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, default=HERE / "results")
    parser.add_argument("--document", type=Path, default=HERE.parents[1] / "docs" / "evaluation.md")
    options = parser.parse_args(arguments)
    text = options.document.read_text("utf-8")
    options.document.write_text(placed(text, document(results(options.results))), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
