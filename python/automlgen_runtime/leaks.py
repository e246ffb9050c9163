"""What a person should look at before a run: columns, ids, orders and twins that give the target away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from automlgen_runtime.loading import LoadedTask
from automlgen_runtime.relation import Relation
from automlgen_runtime.target import Target
from automlgen_runtime.words import as_numbers, distinct, is_missing, plain

ROWS = 20_000
"""Rows looked at; a leak shows in far fewer."""
BINS = 64
MOST_TARGETS = 20
CERTAIN = 0.01
"""Unexplained share (below) under which a column is a suspect whatever the other columns do."""
STRONG, STRONG_NUMBER, AHEAD = 0.09, 0.05, 0.4
"""A column is a suspect too when little is unexplained, and at most this share of what the next column leaves."""
BY_ABSENCE = 0.2
"""Where the mere absence of a value tells as much, something was filled in after the fact."""
BY_ORDER = 0.4


@dataclass(frozen=True)
class Told:
    """How well one column tells the target: `unexplained` is 0 for all of it and 1 for nothing."""

    unexplained: float
    words: str


NOTHING = Told(1.0, "")


def leak_warnings(loaded: LoadedTask, target: Target, kinds: Mapping[str, str], relation: Relation) -> list[str]:
    rows = _sample(len(loaded.train), ROWS)
    found: dict[str, str] = {}
    for label in target.targets[:MOST_TARGETS]:
        labels = loaded.label_table[label].iloc[rows].reset_index(drop=True)
        judge = _Judge(labels, target)
        told, absent = {}, {}
        for name in loaded.features:
            if kinds[name] in ("constant", "path") or name in (relation.group, relation.time):
                continue
            cells = plain(loaded.train[name].iloc[rows]).reset_index(drop=True)
            told[name], absent[name] = judge.of(cells), judge.of_absence(cells)
        for name in _suspects(told, STRONG_NUMBER if judge.numeric else STRONG):
            empty = (
                f" (already whether it is empty: {absent[name].words})"
                if absent[name].unexplained <= BY_ABSENCE
                else ""
            )
            found.setdefault(
                name,
                f'Leak suspect: "{name}" alone predicts "{label}" with {told[name].words}{empty}. Check what it is, or '
                f'leave it out: drop = ["{name}"].',
            )
        for name, by_absence in absent.items():
            if by_absence.unexplained <= BY_ABSENCE:
                found.setdefault(
                    name,
                    f'Leak suspect: whether "{name}" is empty predicts "{label}" with {by_absence.words}. It may have '
                    f'been filled in afterwards; leave it out then: drop = ["{name}"].',
                )
        for key, warning in _order(loaded, judge, rows, label, relation):
            found.setdefault(key, warning)
    return list(found.values())


def _suspects(told: Mapping[str, Told], strong: float) -> list[str]:
    """Certain ones, and those far ahead of every column that is no suspect."""
    ranked = sorted(told, key=lambda name: (told[name].unexplained, name))
    certain = [name for name in ranked if told[name].unexplained <= CERTAIN]
    for count in range(min(5, len(ranked) - 1), 0, -1):
        last, following = told[ranked[count - 1]].unexplained, told[ranked[count]].unexplained
        if last <= strong and last <= AHEAD * following:
            return sorted({*certain, *ranked[:count]}, key=ranked.index)
    return certain


class _Judge:
    """Measures on one half of the rows what bins of a column, learnt on the other half, say of the labels."""

    def __init__(self, labels: pd.Series, target: Target) -> None:
        known = ~is_missing(labels).to_numpy() if len(target.targets) > 1 else np.ones(len(labels), bool)
        self.known = known
        self.labels = labels[known].reset_index(drop=True)
        self.learn = np.random.Generator(np.random.PCG64(1)).permutation(len(self.labels)) % 2 == 0
        self.numeric = target.classes is None and target.task_type != "multilabel"
        self.text = target.task_type == "text"
        self.numbers = as_numbers(self.labels)
        positive = target.classes[1] if target.classes and len(target.classes) == 2 else None
        self.yes: pd.Series | None = None
        if target.task_type == "multilabel":
            lowered = self.labels.str.strip().str.lower().map({"true": 1.0, "false": 0.0})
            self.yes = (lowered.fillna(self.numbers) > 0.5).astype(float)
        elif positive is not None:
            self.yes = (self.labels == positive).astype(float)

    def of(self, cells: pd.Series) -> Told:
        cells = cells[self.known].reset_index(drop=True)
        codes = _bins(cells)
        if self.text or codes.nunique() > len(cells) / 4:
            return NOTHING
        found = self._by_bins(codes)
        if self.numeric:
            found = min(found, self._by_shape(as_numbers(cells)), key=lambda told: told.unexplained)
        return found

    def of_absence(self, cells: pd.Series) -> Told:
        missing = is_missing(cells[self.known].reset_index(drop=True))
        return NOTHING if self.text or missing.all() or not missing.any() else self._by_bins(missing.astype(int))

    def _by_bins(self, codes: pd.Series) -> Told:
        learn, rest = self.learn, ~self.learn
        if self.yes is not None:
            means = self.yes[learn].groupby(codes[learn]).mean()
            guess = codes[rest].map(means).astype(float).fillna(self.yes[learn].mean())
            area = _auc(self.yes[rest].to_numpy(), guess.to_numpy())
            return Told(2 * (1 - max(area, 0.5)), f"AUC {area:.3f}")
        if self.numeric:
            means = self.numbers[learn].groupby(codes[learn]).mean()
            guess = codes[rest].map(means).astype(float).fillna(self.numbers[learn].mean())
            truth = self.numbers[rest]
            spread = float(((truth - truth.mean()) ** 2).sum())
            left = float(((truth - guess) ** 2).sum()) / spread if spread > 0 else 1.0
            return Told(min(1.0, left), f"R2 {1 - left:.3f}")
        common = self.labels[learn].groupby(codes[learn]).agg(lambda part: part.mode().iloc[0])
        accuracy = float((codes[rest].map(common) == self.labels[rest]).mean())
        share = float(self.labels.value_counts(normalize=True).iloc[0])
        return Told(min(1.0, (1 - accuracy) / max(1e-9, 1 - share)), f"accuracy {accuracy:.3f}")

    def _by_shape(self, numbers: pd.Series) -> Told:
        """Straight lines and other rising curves, where bins are too coarse for a long tail."""
        both = numbers.notna() & np.isfinite(numbers)
        if float(both.mean()) < 0.9 or numbers[both].nunique() < 3:
            return NOTHING
        x, y = numbers[both], self.numbers[both]
        linear, ranked = float(x.corr(y)), float(x.rank().corr(y.rank()))
        if not ranked**2 >= linear**2:
            return Told(1 - linear**2, f"a correlation of {linear:.3f}")
        return Told(1 - ranked**2, f"a rank correlation of {ranked:.3f}")


def _order(
    loaded: LoadedTask, judge: _Judge, rows: np.ndarray, label: str, relation: Relation
) -> list[tuple[str, str]]:
    """Whether the place of a row, or its id, tells the label. In time-ordered tables it may: those are left alone."""
    if "time" in relation.kind:
        return []
    place = judge.of(pd.Series([str(row) for row in rows], dtype=object))
    found = []
    if place.unexplained <= BY_ORDER:
        found.append(
            (
                "\0order",
                f'The place of a row in the training table predicts "{label}" with {place.words}. Views shuffle the '
                "rows to predict, so no program can use it; if the order is one of time or of groups, say so: "
                'time = "...", group = "...".',
            )
        )
    elif loaded.ids_are_own and loaded.id_column in loaded.train.columns:
        ids = plain(loaded.train[loaded.id_column].iloc[rows]).str.replace(r"\D+", "", regex=True).str.slice(0, 15)
        by_id = judge.of(ids.reset_index(drop=True))
        if by_id.unexplained <= BY_ORDER:
            found.append(
                (
                    "\0id",
                    f'Leak suspect: the number in the id "{loaded.id_column}" predicts "{label}" with {by_id.words}. '
                    "Check how ids were given.",
                )
            )
    return found


def twin_warnings(loaded: LoadedTask, kinds: Mapping[str, str], relation: Relation) -> list[str]:
    """Test rows that stand in train with their labels; and labelled twins that test rows do not have."""
    names = [name for name in loaded.features if kinds[name] not in ("id", "path", "constant")]
    if len(names) < 3:
        return []
    # Most tables are told to have no twins by the columns with most values alone.
    telling = sorted(names, key=lambda name: -loaded.train[name].nunique())[:3]
    train, test = _row_hashes(loaded.train, telling), _row_hashes(loaded.test, telling)
    if pd.Series(train).duplicated(keep=False).mean() < 0.02 and np.isin(test, train).mean() < 0.02:
        return []
    train, test = _row_hashes(loaded.train, names), _row_hashes(loaded.test, names)
    among = float(pd.Series(train).duplicated(keep=False).mean())
    shared = np.isin(test, train)
    across = float(shared.mean())
    if across >= 0.02 and shared.sum() >= 5 and across > 2 * among + 0.01:
        return [
            f"{int(shared.sum())} of {len(test)} test rows stand in the training table with all their features, hence "
            f"with their labels; of the training rows only {among:.0%} have such a twin. Hidden rows cannot "
            "show what that is worth."
        ]
    if among >= 0.05 and across < among / 3 and relation.kind == "random":
        return [
            f"{among:.0%} of the training rows have a twin with the same features in the training table, but only "
            f"{across:.0%} of the test rows: hidden rows are easier than test rows. Remove the repeats, or keep them "
            'together with group = "..." in task.toml.'
        ]
    return []


def drift_warnings(loaded: LoadedTask, kinds: Mapping[str, str], skip: frozenset[str]) -> list[str]:
    """The five features whose distribution differs most between train and test (a distance above 0.3)."""
    some = [_sample(len(table), ROWS) for table in (loaded.train, loaded.test)]
    least = max(0.3, 1.95 * float(np.sqrt(1 / len(some[0]) + 1 / len(some[1]))))
    distances = []
    for name in loaded.features:
        if name in skip or kinds[name] in ("id", "path", "text", "constant"):
            continue
        distance = _distance(
            plain(loaded.train[name].iloc[some[0]]), plain(loaded.test[name].iloc[some[1]]), kinds[name]
        )
        if distance > least:
            distances.append((distance, name))
    worst = sorted(distances, key=lambda item: (-item[0], item[1]))[:5]
    return [
        f'Drift: "{name}" is distributed differently in test (distance {d:.2f} of 1). A model may rely on values that '
        f'test has not; consider drop = ["{name}"].'
        for d, name in worst
    ]


def _row_hashes(table: pd.DataFrame, names: list[str]) -> np.ndarray:
    """Equal rows have equal numbers."""
    total = np.zeros(len(table), dtype=np.uint64)
    for name in names:
        codes, words = distinct(table[name])
        with np.errstate(over="ignore"):
            total = total * np.uint64(1_000_003) + pd.util.hash_array(words)[codes]
    return total


def _sample(rows: int, most: int) -> np.ndarray:
    return np.sort(np.random.Generator(np.random.PCG64(0)).permutation(rows)[:most])


def _bins(cells: pd.Series) -> pd.Series:
    """Up to 64 bins of equal size for numbers, the values themselves for words."""
    numbers = as_numbers(cells)
    if numbers.notna().sum() < 0.95 * (~is_missing(cells)).sum() or numbers.nunique() <= BINS:
        return cells
    return pd.cut(numbers.rank(method="average"), BINS, labels=False).fillna(-1)


def _auc(truth: np.ndarray, score: np.ndarray) -> float:
    positive = int(truth.sum())
    negative = len(truth) - positive
    if positive == 0 or negative == 0:
        return 0.5
    ranks = pd.Series(score).rank().to_numpy()
    return float((ranks[truth == 1].sum() - positive * (positive + 1) / 2) / (positive * negative))


def _distance(train: pd.Series, test: pd.Series, kind: str) -> float:
    """Kolmogorov-Smirnov distance for numbers, total variation for categories of at most 50 values."""
    if kind in ("number", "integer"):
        a, b = np.sort(as_numbers(train).dropna().to_numpy()), np.sort(as_numbers(test).dropna().to_numpy())
        if len(a) == 0 or len(b) < 50:
            return 0.0
        at = np.concatenate([a, b])
        below_a, below_b = np.searchsorted(a, at, "right") / len(a), np.searchsorted(b, at, "right") / len(b)
        return float(np.abs(below_a - below_b).max())
    if train.nunique() > 50 or len(test) < 50:
        return 0.0
    shares = pd.concat([train.value_counts(normalize=True), test.value_counts(normalize=True)], axis=1).fillna(0)
    return float((shares.iloc[:, 0] - shares.iloc[:, 1]).abs().sum() / 2)
