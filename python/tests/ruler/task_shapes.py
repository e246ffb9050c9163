"""Truths and programs of every shape a metric can ask for: numbers, classes, several targets, texts, masks, places."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from automlgen_runtime.metrics import METRICS
from automlgen_runtime.metrics.classes import encode

CLASSES = {
    **{name: ["no", "yes"] for name in ("auc", "average-precision", "f1-probability", "f1", "fbeta", "jaccard")},
    "qwk": ["1", "2", "3", "4", "5"],
}
THREE = ["ant", "bee", "cat"]
MASKS = ("dice", "dice-global", "iou", "iou-precision")
SETS = ("jaccard-sets", "f1-sets", "f1-sets-micro")
WORDS = [f"w{i}" for i in range(12)]

Random = np.random.Generator


def targets_for(metric: str, several: int) -> list[str]:
    if metric == "haversine":
        return ["latitude", "longitude"]
    if metric == "angular-error":
        return ["azimuth", "zenith"]
    if metric in ("f1-samples", "lrap", "lwlrap"):
        several = several or 4
    return [f"t{i}" for i in range(1, several + 1)] if several > 1 else []


def classes_for(metric: str, targets: list[str]) -> list[str] | None:
    kind = METRICS[metric].predictions
    return None if targets or kind in ("value", "text") else CLASSES.get(metric, THREE)


def columns_for(metric: str, targets: list[str], classes: list[str] | None) -> list[str]:
    if targets:
        return targets
    if metric == "laplace-log-likelihood":
        return ["target", "sigma"]
    wide = METRICS[metric].predictions == "probability" and classes is not None and len(classes) > 2
    return list(classes) if wide and classes else ["target"]


def truth_for(metric: str, targets: list[str], classes: list[str] | None, rows: int, random: Random) -> np.ndarray:
    """Rows x targets of text."""
    if classes is not None:
        shares = np.arange(len(classes), 0, -1) / sum(range(len(classes) + 1))
        return random.choice(np.array(classes, dtype=object), (rows, 1), p=shares)
    if METRICS[metric].predictions == "text":
        return _column([_text(metric, random) for _ in range(rows)])
    if metric == "haversine":
        return _texts(np.column_stack([random.uniform(-60, 60, rows), random.uniform(-179, 179, rows)]))
    if metric == "angular-error":
        return _texts(np.column_stack([random.uniform(0, 6.28, rows), random.uniform(0.2, 2.9, rows)]))
    columns = max(1, len(targets))
    if METRICS[metric].predictions == "value":
        numbers = np.exp(random.normal(size=(rows, columns)) * 0.5) * 10
        return _texts(np.round(numbers / 6) if metric == "ndcg" else numbers)
    chances = np.linspace(0.5, 0.15, columns)
    ones = (random.uniform(size=(rows, columns)) < chances).astype(int)
    return ones.astype(str).astype(object)


def _column(cells: list[str]) -> np.ndarray:
    table = np.empty((len(cells), 1), dtype=object)
    table[:, 0] = cells
    return table


def _texts(numbers: np.ndarray) -> np.ndarray:
    return np.array([[repr(float(v)) for v in row] for row in numbers], dtype=object)


def _text(metric: str, random: Random) -> str:
    if metric in MASKS:
        return f"{random.integers(1, 500)} {random.integers(20, 200)} {random.integers(900, 1500)} 30"
    count = 1 if metric == "map-at-k" else int(random.integers(1, 6))
    return " ".join(random.choice(WORDS, count, replace=False))


def program(
    metric: str, columns: list[str], targets: list[str], classes: list[str] | None, noise: float, random: Random
) -> Callable[[pd.DataFrame], dict[str, pd.DataFrame]]:
    """From truth (columns label...) to the files of a program that sees it through noise."""
    kind = METRICS[metric].predictions

    def files(truth: pd.DataFrame) -> dict[str, pd.DataFrame]:
        if kind == "text":
            cells = [_guess(metric, cell, noise, random) for cell in truth.iloc[:, 0]]
            return {"submission.csv": pd.DataFrame({columns[0]: cells})}
        if kind == "value":
            return {"submission.csv": pd.DataFrame(_numbers(metric, truth, noise, random), columns=columns)}
        if targets:
            known = truth.replace("", "0").astype(float).to_numpy()
            shares = 1 / (1 + np.exp(1.5 - 3 * known + random.normal(size=known.shape) * noise))
            labels = (shares >= 0.5).astype(int)
            if metric == "kl-divergence":
                shares /= shares.sum(axis=1, keepdims=True)
        else:
            assert classes is not None
            codes = encode(truth.iloc[:, 0], classes)
            logits = random.normal(size=(len(codes), len(classes))) * noise
            logits[np.arange(len(codes)), codes] += 1.5
            shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
            labels = np.array(classes, dtype=object)[shares.argmax(axis=1)][:, None]
            if len(columns) > 1:
                labels = (labels == np.array(columns)[None, :]).astype(int)
        if kind == "label":
            return {
                "submission.csv": pd.DataFrame(labels, columns=columns),
                "probabilities.csv": pd.DataFrame(shares, columns=targets or classes),
            }
        return {"submission.csv": pd.DataFrame(shares[:, 1:] if len(columns) == 1 else shares, columns=columns)}

    return files


def _numbers(metric: str, truth: pd.DataFrame, noise: float, random: Random) -> np.ndarray:
    known = truth.replace("", "0").astype(float).to_numpy()
    values = known + random.normal(size=known.shape) * noise
    if metric == "haversine":
        return np.clip(values, [-90, -180], [90, 180])
    if metric == "rmsle":
        return np.maximum(values, 0)
    if metric == "laplace-log-likelihood":
        return np.column_stack([values[:, 0], np.full(len(values), 71.0)])
    return values


def _guess(metric: str, cell: str, noise: float, random: Random) -> str:
    if metric in MASKS:
        numbers = [int(word) for word in cell.split()]
        numbers[0] = min(690, max(1, numbers[0] + int(random.normal() * 20 * noise)))
        return " ".join(map(str, numbers))
    wrong = random.uniform() < noise / 4
    if metric == "map-at-k":
        rest = [word for word in random.permutation(WORDS) if word != cell][:4]
        return " ".join([*rest[:1], cell, *rest[1:]] if wrong else [cell, *rest])
    if not wrong:
        return cell
    words = cell.split()
    words[int(random.integers(len(words)))] = str(random.choice(WORDS))
    return " ".join(dict.fromkeys(words))
