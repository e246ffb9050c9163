"""Small data folders for a task card: unicode labels, gaps, unseen levels, a leak, odd column names, shuffled ids."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

TOWNS = ["Aix", "Bonn", "Cádiz", "Delft", "Ede", "Faro"]
WORDS = ["river", "stone", "maple", "engine", "cloud", "paper", "copper", "window", "garden", "letter"]


def write_toy(card: dict[str, Any], folder: Path) -> None:
    """Writes train.csv, test.csv and sample_submission.csv (and images) that fit `card`."""
    rng = np.random.default_rng(5)
    rows = card["rows"]["train"] + card["rows"]["test"]
    hidden = rng.normal(size=rows)
    names = [column["name"] for column in card["columns"]]
    table = pd.DataFrame({"id": [f"r{index:04d}" for index in rng.permutation(rows)]})
    for name in names[1:]:
        table[name] = _column(name, hidden, rng)
    targets = card.get("targets") or [card["target"]]
    for target in targets:
        table[target] = _labels(card, hidden, rng)
    folder.mkdir(parents=True, exist_ok=True)
    if card.get("image"):
        _write_images(card["image"], table, hidden, folder, rng)
    train = table.iloc[: card["rows"]["train"]]
    test = table.iloc[card["rows"]["train"] :].drop(columns=targets)
    test = test.drop(columns=[each["name"] for each in card["columns"] if not each["inTest"]])
    if "town" in test:
        test.loc[test.index[:3], "town"] = "Genève"
    sample = test[["id"]].sample(frac=1, random_state=3)
    for column in card["submissionColumns"]:
        sample[column] = 0
    train.to_csv(folder / "train.csv", index=False)
    test.to_csv(folder / "test.csv", index=False)
    sample.to_csv(folder / "sample_submission.csv", index=False)


def _column(name: str, hidden: np.ndarray, rng: np.random.Generator) -> Any:
    count = len(hidden)
    if name == "size":
        return np.where(rng.random(count) < 0.1, np.nan, hidden + rng.normal(size=count))
    if name == "visits":
        return rng.poisson(np.exp(hidden / 2)).clip(0, 7)
    if name == "town":
        return rng.choice(TOWNS, count)
    if name == "house":
        return [f"h{value}" for value in rng.integers(0, 60, count)]
    if name == "seen":
        return pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 700, count), unit="D")
    if name == "note":
        return [_note(value, rng) for value in hidden]
    if name == "file":
        return [f"p{index:04d}.png" for index in range(count)]
    return hidden * 2 + rng.normal(size=count)


def _note(value: float, rng: np.random.Generator) -> str | None:
    if rng.random() < 0.03:
        return None
    start = int(np.clip((value + 2) * 1.5, 0, 5))
    return " ".join(rng.choice(WORDS[start : start + 5], 9)) + rng.choice([".", "!", " (Yes, 3)"])


def _labels(card: dict[str, Any], hidden: np.ndarray, rng: np.random.Generator) -> Any:
    noisy = hidden + rng.normal(scale=0.5, size=len(hidden))
    classes = card.get("classes")
    if card["taskType"] == "multilabel":
        return _yes_or_no(card, noisy)
    if classes is None:
        return np.round(np.exp(noisy) * 20 + 1, 2)
    # The last class is small: about one row in twenty.
    shares = np.linspace(0, 0.95, len(classes))[1:]
    edges = np.quantile(noisy, shares if len(classes) > 2 else [0.6])
    return np.array(classes, dtype=object)[np.searchsorted(edges, noisy)]


def _yes_or_no(card: dict[str, Any], noisy: np.ndarray) -> Any:
    if card["metric"] == "kl-divergence":
        return np.round(1 / (1 + np.exp(-noisy)), 3)
    return (noisy > 0.8).astype(int)


def _write_images(
    image: dict[str, Any], table: pd.DataFrame, hidden: np.ndarray, folder: Path, rng: np.random.Generator
) -> None:
    from PIL import Image

    place = folder / image["folder"]
    place.mkdir(parents=True, exist_ok=True)
    for name, value in zip(table[image["column"]], hidden, strict=True):
        wave = np.sin(np.arange(image["width"]) * (1 + abs(value)))[None, :] * 60
        grey = np.clip(128 + wave + rng.normal(scale=20, size=(image["height"], image["width"])), 0, 255)
        Image.fromarray(grey.astype(np.uint8)).save(place / name)
