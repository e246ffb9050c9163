"""Labels as strata: rows of one stratum are shared evenly among the parts of a split."""

from __future__ import annotations

import numpy as np
import pandas as pd

from automlgen_runtime.target import Target
from automlgen_runtime.words import as_numbers

STRATA = 10
"""Quantile bins of a number."""


def strata_of(labels: pd.DataFrame, target: Target) -> np.ndarray:
    """A whole number from 0 for each row, dense, similar labels near one another."""
    if target.task_type == "multilabel":
        return _by_combination(labels)
    if target.task_type == "multi-regression":
        return _deciles(_mean_rank(labels))
    only = labels.iloc[:, 0]
    if target.classes is not None:
        return pd.Categorical(only, categories=list(target.classes)).codes.astype(int)
    if target.task_type == "text":
        return _by_text(only)
    return _deciles(as_numbers(only))


def _deciles(numbers: pd.Series) -> np.ndarray:
    ranks = numbers.rank(method="first").to_numpy()
    return ((ranks - 1) * STRATA // len(numbers)).astype(int)


def _mean_rank(labels: pd.DataFrame) -> pd.Series:
    """Mean of the ranks of the targets; a missing one counts as the middle."""
    ranks = pd.DataFrame({name: as_numbers(labels[name]).rank(pct=True) for name in labels.columns})
    return ranks.fillna(0.5).mean(axis=1)


def _by_combination(labels: pd.DataFrame) -> np.ndarray:
    """By the rarest label that a row has, then by its combination, so that rare labels reach every part."""
    ones = np.column_stack([as_numbers(labels[name]).fillna(0).to_numpy() > 0.5 for name in labels.columns])
    rarity = np.argsort(np.argsort(ones.sum(axis=0), kind="stable"), kind="stable")
    rarest = np.where(ones, rarity[None, :], ones.shape[1]).min(axis=1)
    _, combination = np.unique(np.packbits(ones, axis=1), axis=0, return_inverse=True)
    key = rarest.astype(np.int64) * (int(combination.max()) + 1) + combination.ravel()
    counts = np.bincount(key)
    # Combinations too rare to divide are one stratum per rarest label.
    merged = np.where(counts[key] >= STRATA, key, -1 - rarest)
    return np.unique(merged, return_inverse=True)[1].astype(int)


def _by_text(labels: pd.Series) -> np.ndarray:
    """Names that recur are strata of their own; texts and masks are divided by their length, empty ones apart."""
    counts = labels.map(labels.value_counts())
    if float((counts >= 5).mean()) > 0.8 and labels.nunique() <= len(labels) / 5:
        return np.unique(labels.to_numpy(str), return_inverse=True)[1].astype(int)
    lengths = labels.str.len().astype(float)
    strata = np.where(lengths > 0, 1 + _deciles(lengths), 0)
    return np.unique(strata, return_inverse=True)[1].astype(int)
