"""p09: nine materials seen through 16 x 16 pixels. Pixels alone say little; features of texture decide."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd

from automlgen_runtime.practice.competition import Competition, Division, Material
from automlgen_runtime.practice.reference import lightgbm_pixels
from automlgen_runtime.practice.sources import file_hash, package_folder

MATERIALS = {
    "brick": "brick.png",
    "ceramic": "coffee.png",
    "fur": "chelsea.png",
    "grass": "grass.png",
    "gravel": "gravel.png",
    "lunar": "moon.png",
    "retina": "retina.jpg",
    "stars": "hubble_deep_field.jpg",
    "tissue": "ihc.png",
}
"""Label and photograph of scikit-image."""
PATCH, BLOCK = 16, 48
TRAIN_PATCHES, TEST_PATCHES = 310, 140
"""By material."""
NOISE = 0.6
"""Standard deviation of the sensor noise, in standard deviations of the patch."""
CROP = 720
"""Larger photographs are cut to the middle: the margin of the retina is black."""

DESCRIPTION = """# Textures

Each image is a grey patch of 16 x 16 pixels of one of nine materials, turned at random, with normalised contrast
and with sensor noise. Name the material.

## Files

- `train.csv`: `id`, `image` (file below `images/`), `material` (the target), `block` (a square of 48 x 48 pixels)
- `test.csv`: `id`, `image`
- `images/`: grey PNG files of 16 x 16 pixels
- `sample_submission.csv`: the form of the answer

No block has patches in both tables, so divide by `block` when you validate: patches of a block resemble each other.

## Evaluation

Macro-averaged F1 (`f1-macro`), larger is better. The submission has the columns `id,material`.
"""


def take() -> Material:
    """One row per block of each photograph; patches are cut when the seed is known."""
    root = package_folder("skimage") / "data"
    rows = []
    for material, name in MATERIALS.items():
        grey = _grey(name)
        rows += [
            (material, y, x)
            for y in range(0, grey.shape[0] - BLOCK + 1, BLOCK)
            for x in range(0, grey.shape[1] - BLOCK + 1, BLOCK)
        ]
    table = pd.DataFrame(rows, columns=["material", "y", "x"])
    sources = {name: file_hash(root / name) for name in MATERIALS.values()}
    return Material(table, sources)


def divide(material: Material, seed: int) -> Division:
    rng = np.random.Generator(np.random.PCG64([seed, 9]))
    rows: list[tuple[str, str, bool]] = []
    patches: list[np.ndarray] = []
    for name, blocks in material.table.groupby("material", sort=True):
        grey = _grey(MATERIALS[str(name)])
        corners = blocks[["y", "x"]].to_numpy()[rng.permutation(len(blocks))]
        first = -(-TEST_PATCHES // _PER_BLOCK)
        last = first + -(-TRAIN_PATCHES // _PER_BLOCK)
        for in_test, part, count in (
            (True, corners[:first], TEST_PATCHES),
            (False, corners[first:last], TRAIN_PATCHES),
        ):
            cut = [(f"{name}-{y}-{x}", patch) for y, x in part for patch in _cut(grey, int(y), int(x))][:count]
            rows += [(str(name), block, in_test) for block, _ in cut]
            patches += [_worn(patch, rng) for _, patch in cut]
    return _named(rows, patches, rng)


_PER_BLOCK = (BLOCK // PATCH) ** 2


def _named(rows: list[tuple[str, str, bool]], patches: list[np.ndarray], rng: np.random.Generator) -> Division:
    table = pd.DataFrame(rows, columns=["material", "block", "test"])
    numbers = rng.permutation(len(table))
    table.insert(0, "id", [f"t{n:04d}" for n in numbers])
    table.insert(1, "image", [f"t{n:04d}.png" for n in numbers])
    blocks = sorted(table["block"].unique())
    table["block"] = table["block"].map(
        dict(zip(blocks, (f"b{n:03d}" for n in rng.permutation(len(blocks))), strict=True))
    )
    images = {f"images/{image}": _png(patch) for image, patch in zip(table["image"], patches, strict=True)}
    table = table.iloc[rng.permutation(len(table))]
    train, test = (table[table["test"] == part].drop(columns="test").reset_index(drop=True) for part in (False, True))
    return Division(train=train, test=test, images=dict(sorted(images.items())))


def _grey(name: str) -> np.ndarray:
    from PIL import Image

    with Image.open(package_folder("skimage") / "data" / name) as image:
        grey = np.asarray(image.convert("L"), dtype=np.float64)
    top, left = (max(0, (size - CROP) // 2) for size in grey.shape)
    return grey[top : top + CROP, left : left + CROP]


def _cut(grey: np.ndarray, y: int, x: int) -> list[np.ndarray]:
    steps = range(0, BLOCK, PATCH)
    return [grey[y + dy : y + dy + PATCH, x + dx : x + dx + PATCH] for dy in steps for dx in steps]


def _worn(patch: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Turned, flipped, brought to one contrast, with noise: what stays is texture."""
    turned = np.rot90(patch, int(rng.integers(4)))
    turned = turned[:, ::-1] if rng.integers(2) else turned
    plain = (turned - turned.mean()) / max(turned.std(), 1.0)
    noisy = (plain + rng.normal(0, NOISE, plain.shape)) / np.sqrt(1 + NOISE**2)
    return np.clip(np.rint(128 + 40 * noisy), 0, 255).astype(np.uint8)


def _png(patch: np.ndarray) -> bytes:
    from PIL import Image

    content = io.BytesIO()
    Image.fromarray(patch).save(content, format="PNG")
    return content.getvalue()


COMPETITION = Competition(
    id="p09-textures",
    title="Nine materials through 16 x 16 pixels",
    metric="f1-macro",
    direction="maximise",
    target="material",
    id_column="id",
    columns=("material",),
    description=DESCRIPTION,
    licence="Photographs distributed with scikit-image: CC0, public domain, or CC BY (see its data README).",
    split_rule="whole blocks of 48 x 48 pixels at random in each photograph; 310 and 140 patches by material",
    noise={"unpairedSE": 0.013, "pairedSE": 0.015},
    task_lines=('images = "images"', 'image_column = "image"', 'group = "block"'),
    packages=("scikit-image", "pillow"),
    take=take,
    divide=divide,
    reference=lambda division: lightgbm_pixels(division, "material", "id", "image", "images"),
    reference_note="LightGBM with its default settings on raw pixels",
    group="block",
)
