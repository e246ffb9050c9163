"""Rankings of items: by group of rows (NDCG), by row of a label matrix (LRAP), as text (MAP@k)."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np
from scipy.stats import rankdata

from automlgen_runtime.metrics.arrays import Codes, Context, Floats, Prediction, Texts, Truth, UndefinedScoreError


def ndcg_parts(truth: Truth, values: Prediction, context: Context) -> tuple[Floats, Codes]:
    """(NDCG of each query, query of each row). A query is a group of rows, or a row of a matrix of relevances.

    scikit-learn's definition: linear gain, discount 1 / log2(1 + rank), mean over the orders of tied predictions; 0
    where nothing is relevant. `options["k"]` cuts the ranking.
    """
    if truth.ndim == 2:
        rows, items = truth.shape
        queries = np.repeat(np.arange(rows), items)
        known = ~np.isnan(np.asarray(truth, dtype=np.float64)).ravel()
        scores = _ndcg(truth.ravel()[known], np.ravel(values)[known], queries[known], rows, context)
        return scores, np.arange(rows)
    if context.groups is None:
        return _ndcg(truth, values, np.zeros(len(truth), np.int64), 1, context), np.zeros(len(truth), np.int64)
    names, queries = np.unique(context.groups, return_inverse=True)
    return _ndcg(truth, values, queries, len(names), context), queries


def _ndcg(truth: Floats, values: Floats, queries: Codes, count: int, context: Context) -> Floats:
    if (truth < 0).any():
        raise UndefinedScoreError("NDCG is undefined for relevances below 0.")
    limit = int(context.options.get("k", len(truth)))
    gained = _discounted(truth, values, queries, count, limit)
    best = _discounted(truth, truth, queries, count, limit)
    return np.divide(gained, best, out=np.zeros(count), where=best > 0)


def _discounted(gains: Floats, values: Floats, queries: Codes, count: int, limit: int) -> Floats:
    order = np.lexsort((-values, queries))
    queries, values, gains = queries[order], values[order], gains[order]
    first = np.searchsorted(queries, np.arange(count))
    rank = np.arange(len(queries)) - first[queries]
    discount = np.where(rank < limit, 1.0 / np.log2(rank + 2.0), 0.0)
    starts = np.concatenate([[True], (np.diff(queries) != 0) | (np.diff(values) != 0)])
    block = np.cumsum(starts) - 1
    tied = np.bincount(block, discount) / np.bincount(block)
    return np.bincount(queries, gains * tied[block], minlength=count)


def ndcg(truth: Truth, values: Prediction, context: Context) -> float:
    if context.weights is not None and truth.ndim == 1:
        raise UndefinedScoreError("NDCG by group takes no row weights: leave metric_options.weight out.")
    return float(np.average(ndcg_parts(truth, values, context)[0], weights=context.weights))


def precisions(truth: Truth, probabilities: Floats, _: Context) -> tuple[Floats, Floats]:
    """Per row: sum over its labels of the precision at the label's rank, and the number of its labels.

    Tied scores share the last rank of the block, as in scikit-learn. A truth of class codes is a single label.
    """
    cells = np.eye(probabilities.shape[1])[truth] if truth.ndim == 1 else np.nan_to_num(truth, nan=0.0)
    overall = rankdata(-probabilities, method="max", axis=1)
    among = rankdata(np.where(cells > 0, -probabilities, np.inf), method="max", axis=1)
    return np.where(cells > 0, among / overall, 0.0).sum(axis=1), (cells > 0).sum(axis=1).astype(np.float64)


def lrap(truth: Truth, probabilities: Floats, context: Context) -> Floats:
    """Mean precision at the labels of each row; 1 for a row with no or all labels, as scikit-learn."""
    total, labels = precisions(truth, probabilities, context)
    trivial = (labels == 0) | (labels == probabilities.shape[1])
    return np.divide(total, labels, out=np.ones_like(total), where=~trivial)


def concordant_pairs(truth: Texts, orders: Texts, _: Context) -> tuple[Floats, Floats]:
    """Terms of Kendall's tau over orders of items: 1 - 4 swaps / (n (n - 1)), both summed over the rows first.

    Items of the true order that a row leaves out count as last and in the wrong order; items it invents do not count.
    """
    swaps = [(_swaps(str(a).split(), str(b).split()), len(str(a).split())) for a, b in zip(truth, orders, strict=True)]
    pairs = np.array([float(size * (size - 1)) for _, size in swaps])
    return pairs - 4.0 * np.array([count for count, _ in swaps]), pairs


def _swaps(true: list[str], said: list[str]) -> int:
    """Pairs in the wrong order, counted by insertion into a sorted list."""
    place = {item: position for position, item in enumerate(true)}
    named = list(dict.fromkeys(item for item in said if item in place))
    order = [place[item] for item in named] + sorted(
        set(place.values()) - {place[item] for item in named}, reverse=True
    )
    seen: list[int] = []
    swaps = 0
    for count, position in enumerate(order):
        at = bisect_left(seen, position)
        swaps += count - at
        seen.insert(at, position)
    return swaps


def average_precision_at(truth: Texts, rankings: Texts, context: Context) -> Floats:
    """Average precision of the first k items of a ranking, over min(k, relevant items); items separated by spaces.

    An item named twice counts once, at its first place (a later place stays taken). NaN, not scored, where nothing is
    relevant.
    """
    limit = int(context.options["k"]) if "k" in context.options else None
    return np.array([_average_precision(a, b, limit) for a, b in zip(truth, rankings, strict=True)], dtype=np.float64)


def _average_precision(relevant: str, ranking: str, limit: int | None) -> float:
    wanted = set(str(relevant).split())
    if not wanted:
        return float("nan")
    hits, total = 0, 0.0
    for place, item in enumerate(str(ranking).split()[:limit], start=1):
        if item in wanted:
            wanted.discard(item)
            hits += 1
            total += hits / place
    return total / min(hits + len(wanted), limit or hits + len(wanted))
