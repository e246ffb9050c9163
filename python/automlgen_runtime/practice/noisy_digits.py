"""p08: handwritten digits on 8 x 8 pixels behind sensor noise. Smooth models win; confident mistakes cost much."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd

from automlgen_runtime.practice.competition import Competition, Division, Material
from automlgen_runtime.practice.reference import pixels
from automlgen_runtime.practice.sources import data_file, file_hash

SIDE = 8
DARK, INK = 28, 200
"""Grey level of paper, and how much full ink adds."""
NOISE = 69
"""Standard deviation of the noise of each pixel, in grey levels."""
TEST_SHARE = 0.35
CLASSES = tuple("0123456789")

DESCRIPTION = """# Noisy digits

Each image is a handwritten digit, scaled down to 8 x 8 grey pixels and seen by a poor sensor: every pixel has noise of
its own, about a third of the difference between paper and ink. Say which digit it is, as probabilities.

## Files

- `train.csv`: `id`, `image` (file below `images/`), `digit` (the target)
- `test.csv`: `id`, `image`
- `images/`: grey PNG files of 8 x 8 pixels
- `sample_submission.csv`: the form of the answer

## Evaluation

Multi-class log loss (`logloss`), smaller is better. The submission has `id` and one column per digit, `0` to `9`.
"""


def take() -> Material:
    """Ink of the 64 pixels (0 to 16) and the digit, as scikit-learn has them."""
    path = data_file("sklearn", "datasets/data/digits.csv.gz")
    table = pd.read_csv(path, header=None, dtype=int)
    return Material(table, {path.name: file_hash(path)})


def divide(material: Material, seed: int) -> Division:
    rng = np.random.Generator(np.random.PCG64([seed, 8]))
    cells = material.table.to_numpy()[rng.permutation(len(material.table))]
    ink = cells[:, :-1] / 16
    grey = DARK + INK * ink + rng.normal(0, NOISE, ink.shape)
    grey = np.clip(np.rint(grey), 0, 255).astype(np.uint8).reshape(-1, SIDE, SIDE)
    numbers = rng.permutation(len(cells))
    table = pd.DataFrame(
        {
            "id": [f"g{n:04d}" for n in numbers],
            "image": [f"g{n:04d}.png" for n in numbers],
            "digit": cells[:, -1].astype(str),
        }
    )
    images = {f"images/{name}": _png(patch) for name, patch in zip(table["image"], grey, strict=True)}
    cut = round(TEST_SHARE * len(table))
    return Division(
        train=table.iloc[cut:].reset_index(drop=True),
        test=table.iloc[:cut].reset_index(drop=True),
        images=dict(sorted(images.items())),
    )


def _png(patch: np.ndarray) -> bytes:
    from PIL import Image

    content = io.BytesIO()
    Image.fromarray(patch).save(content, format="PNG")
    return content.getvalue()


def reference(division: Division) -> pd.DataFrame:
    from lightgbm import LGBMClassifier

    train, test = (pixels(division, part["image"], "images") for part in (division.train, division.test))
    model = LGBMClassifier(n_jobs=1, verbose=-1, deterministic=True, force_row_wise=True)
    shares = model.fit(train, division.train["digit"]).predict_proba(test)
    table = pd.DataFrame(shares, columns=list(CLASSES))
    table.insert(0, "id", division.test["id"].to_numpy())
    return table


COMPETITION = Competition(
    id="p08-noisy-digits",
    title="Handwritten digits behind sensor noise",
    metric="logloss",
    direction="minimise",
    target="digit",
    id_column="id",
    columns=CLASSES,
    description=DESCRIPTION,
    licence="Digits of the UCI repository (CC BY 4.0), distributed with scikit-learn (BSD-3).",
    split_rule="rows at random, 65 % train, 35 % test; noise drawn anew for each seed",
    noise={"unpairedSE": 0.035, "pairedSE": 0.033},
    task_lines=('images = "images"', 'image_column = "image"'),
    packages=("scikit-learn", "pillow"),
    take=take,
    divide=divide,
    reference=reference,
    reference_note="LightGBM with its default settings on raw pixels",
)
