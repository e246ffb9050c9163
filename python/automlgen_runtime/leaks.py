"""What a person should look at before a run: columns that give the target away, and columns that drifted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from automlgen_runtime.loading import LoadedTask
from automlgen_runtime.target import Target
from automlgen_runtime.words import as_numbers, is_missing, plain

ROWS = 20_000
"""Rows looked at; a leak shows in far fewer."""
BINS = 64


def leak_warnings(loaded: LoadedTask, target: Target, kinds: dict[str, str]) -> list[str]:
    rows = _sample(len(loaded.train), ROWS)
    labels = loaded.labels.iloc[rows].reset_index(drop=True)
    found = []
    for name in loaded.features:
        if kinds[name] in ("constant", "path"):
            continue
        told = _told_by(plain(loaded.train[name].iloc[rows]).reset_index(drop=True), labels, target)
        if told is not None:
            found.append(
                f'Leak suspect: "{name}" alone predicts "{loaded.target}" with {told}. Check it, or `drop` it.'
            )
    return found


def drift_warnings(loaded: LoadedTask, kinds: dict[str, str], skip: frozenset[str]) -> list[str]:
    """The five features whose distribution differs most between train and test (a distance above 0.3)."""
    distances = []
    for name in loaded.features:
        if name in skip or kinds[name] in ("id", "path", "text", "constant"):
            continue
        distance = _distance(loaded.train[name], loaded.test[name], kinds[name])
        if distance > 0.3:
            distances.append((distance, name))
    worst = sorted(distances, key=lambda item: (-item[0], item[1]))[:5]
    return [f'Drift: "{name}" is distributed differently in test (distance {d:.2f} of 1).' for d, name in worst]


def _sample(rows: int, most: int) -> np.ndarray:
    return np.sort(np.random.Generator(np.random.PCG64(0)).permutation(rows)[:most])


def _told_by(cells: pd.Series, labels: pd.Series, target: Target) -> str | None:
    """How well bins of one column, learnt on one half of the rows, tell the target on the other half."""
    codes = _codes(cells)
    learn = np.random.Generator(np.random.PCG64(1)).permutation(len(cells)) % 2 == 0
    if codes.nunique() > len(cells) / 4:
        return None
    if target.classes is None:
        truth = as_numbers(labels)
        means = truth[learn].groupby(codes[learn]).mean()
        guess = codes[~learn].map(means).fillna(truth[learn].mean())
        rest = truth[~learn]
        spread = float(((rest - rest.mean()) ** 2).sum())
        r2 = 1 - float(((rest - guess) ** 2).sum()) / spread if spread > 0 else 0.0
        return f"R2 {r2:.3f}" if r2 > 0.95 else None
    if len(target.classes) == 2:
        truth = (labels == target.classes[1]).astype(float)
        means = truth[learn].groupby(codes[learn]).mean()
        guess = codes[~learn].map(means).fillna(truth[learn].mean())
        area = _auc(truth[~learn].to_numpy(), guess.to_numpy())
        return f"AUC {area:.3f}" if area > 0.97 else None
    common = labels[learn].groupby(codes[learn]).agg(lambda part: part.mode().iloc[0])
    guess = codes[~learn].map(common)
    accuracy = float((guess == labels[~learn]).mean())
    share = float(labels.value_counts(normalize=True).iloc[0])
    return f"accuracy {accuracy:.3f}" if accuracy > max(0.97, share + 0.05) else None


def _codes(cells: pd.Series) -> pd.Series:
    """Up to 64 bins of equal size for numbers, the values themselves for words."""
    numbers = as_numbers(cells)
    if numbers.notna().sum() < 0.95 * (~is_missing(cells)).sum() or numbers.nunique() <= BINS:
        return cells
    ranks = numbers.rank(method="dense", na_option="keep")
    return pd.cut(numbers.rank(method="average"), BINS, labels=False).fillna(-1) if ranks.max() > BINS else cells


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
    train, test = plain(train), plain(test)
    if train.nunique() > 50 or len(test) < 50:
        return 0.0
    shares = pd.concat([train.value_counts(normalize=True), test.value_counts(normalize=True)], axis=1).fillna(0)
    return float((shares.iloc[:, 0] - shares.iloc[:, 1]).abs().sum() / 2)
