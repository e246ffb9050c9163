"""The task card: everything that authors, knowledge and the ruler decide by, found in the task's files."""

from __future__ import annotations

import importlib.metadata
import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from automlgen_runtime.columns import is_disguised_number, profile_column
from automlgen_runtime.images import Images, check_unpacked, find_images, find_other_files
from automlgen_runtime.leaks import drift_warnings, leak_warnings, twin_warnings
from automlgen_runtime.loading import LoadedTask, NoJoin, load
from automlgen_runtime.relation import Relation, find_relation
from automlgen_runtime.sidegroups import SideGroup, side_group
from automlgen_runtime.target import Target, judge_target

PACKAGES = {
    "catboost": "catboost",
    "category-encoders": "category_encoders",
    "imbalanced-learn": "imblearn",
    "joblib": "joblib",
    "lightgbm": "lightgbm",
    "matplotlib": "matplotlib",
    "networkx": "networkx",
    "nltk": "nltk",
    "numpy": "numpy",
    "opencv-python-headless": "cv2",
    "optuna": "optuna",
    "pandas": "pandas",
    "pillow": "PIL",
    "polars": "polars",
    "pyarrow": "pyarrow",
    "scikit-image": "skimage",
    "scikit-learn": "sklearn",
    "scipy": "scipy",
    "sentence-transformers": "sentence_transformers",
    "spacy": "spacy",
    "statsmodels": "statsmodels",
    "timm": "timm",
    "torch": "torch",
    "torchvision": "torchvision",
    "transformers": "transformers",
    "xgboost": "xgboost",
    "xgboost-cpu": "xgboost",
}
"""Distributions worth telling an author about, with the name they are imported by."""


def profile(source: dict[str, Any]) -> dict[str, Any]:
    """The `TaskCard` of a `TaskSource`. Deterministic; raises `UserFault` on input that no run could use."""
    from automlgen_runtime.selfscored import script_card

    if source["task"].get("ruler") == "script":
        return script_card(source, 'the task says `ruler = "script"`')
    try:
        return survey(load(source)).card
    except NoJoin as why:
        return script_card(source, str(why))


@dataclass(frozen=True)
class Survey:
    card: dict[str, Any]
    target: Target
    relation: Relation
    #: Files that rows name, images first.
    files: tuple[Images, ...]


def survey(loaded: LoadedTask) -> Survey:
    """The card, and what it was made from."""
    target = judge_target(loaded.task, loaded.label_table, loaded.sample)
    images = find_images(loaded)
    others = find_other_files(loaded)
    if images is None and not others:
        check_unpacked(loaded)
    columns = [
        profile_column(name, loaded.train[name], name in loaded.test.columns)
        for name in loaded.train.columns
        if name not in loaded.targets
    ]
    for column in columns:
        # Whatever it looks like: it names the rows.
        if column["name"] == loaded.id_column and loaded.ids_are_own:
            column["kind"] = "id"
    kinds = {column["name"]: str(column["kind"]) for column in columns}
    relation, aside = find_relation(loaded, kinds), SideGroup(None, ())
    if relation.kind == "random":
        aside = side_group(loaded, kinds, images)
        relation = aside.relation or relation
    skip = frozenset(name for name in (relation.group, relation.time) if name)
    warnings = [
        *loaded.warnings,
        *target.warnings,
        *aside.warnings,
        *(images.warnings if images else ()),
        *(warning for each in others for warning in each.warnings),
        *_disguised(loaded, kinds),
        *leak_warnings(loaded, target, kinds, relation),
        *twin_warnings(loaded, kinds, relation),
        *drift_warnings(loaded, kinds, skip),
    ]
    card: dict[str, Any] = {
        "taskId": loaded.task["id"],
        "title": loaded.task.get("title") or loaded.task["id"],
        "modality": loaded.task.get("modality") or _modality(loaded, target, kinds, images is not None),
        "taskType": target.task_type,
        "metric": target.metric,
        "direction": target.direction,
        "predictions": target.predictions,
        "target": target.targets[0],
        "idColumn": loaded.id_column,
        "submissionColumns": list(target.submission_columns),
        "rows": {"train": len(loaded.train), "test": len(loaded.test)},
        "columns": columns,
        "regimes": _regimes(loaded, target, relation, columns),
        "packages": installed_packages(),
        "warnings": warnings,
    }
    if target.classes is not None:
        card["classes"] = list(target.classes)
    if target.classes is None and target.range is not None:
        card["targetRange"] = list(target.range)
    if len(target.targets) > 1:
        card["targets"] = list(target.targets)
    if loaded.task.get("metric_options"):
        card["metricOptions"] = dict(loaded.task["metric_options"])
    for role in ("group", "time"):
        if getattr(relation, role):
            card[role] = getattr(relation, role)
    if images is not None:
        card["image"] = images.as_card()
    return Survey(card, target, relation, (*((images,) if images else ()), *others))


def installed_packages() -> dict[str, str]:
    """Versions by name as one would ask pip for them; `xgboost-cpu` is imported, and listed, as `xgboost`."""
    found = {}
    for distribution in sorted(PACKAGES):
        try:
            version = importlib.metadata.version(distribution)
        except importlib.metadata.PackageNotFoundError:
            continue
        found["xgboost" if distribution == "xgboost-cpu" else distribution] = version
    return found


def _modality(loaded: LoadedTask, target: Target, kinds: dict[str, str], images: bool) -> str:
    suffix = "classification" if target.classes or target.task_type == "multilabel" else "regression"
    features = [name for name in loaded.features if kinds[name] not in ("id", "constant")]
    if images and len([name for name in features if kinds[name] != "path"]) <= 3:
        return f"image-{suffix}"
    texts = [name for name in features if kinds[name] == "text"]
    return f"text-{suffix}" if texts and len(features) - len(texts) <= 3 else "tabular"


def _regimes(loaded: LoadedTask, target: Target, relation: Relation, columns: list[dict[str, Any]]) -> list[str]:
    rows = len(loaded.train)
    features = [column for column in columns if column["inTest"] and column["kind"] not in ("id", "constant")]
    size = "tiny" if rows < 1_000 else "small" if rows < 10_000 else "medium" if rows < 200_000 else "large"
    shares = loaded.labels.value_counts(normalize=True) if target.classes else pd.Series([1.0])
    found = {
        size: True,
        "wide": len(features) >= 200 or len(features) > rows / 5,
        "imbalanced": bool(shares.min() < min(0.1, 0.2 / len(shares)) or (len(shares) == 2 and shares.min() < 0.15)),
        "grouped": "group" in relation.kind,
        "temporal": "time" in relation.kind,
        "many-classes": target.classes is not None and len(target.classes) > 20,
        "missing-values": any(column["missing"] >= 0.05 for column in features),
        "high-cardinality": any(c["kind"] == "category" and c["unique"] > 50 for c in features),
    }
    return [name for name, holds in found.items() if holds]


def _disguised(loaded: LoadedTask, kinds: dict[str, str]) -> list[str]:
    found = []
    for name in loaded.features:
        if kinds[name] == "number" and is_disguised_number(loaded.train[name]):
            cell = next(c for c in loaded.train[name] if re.search(r"\d", c))
            found.append(f'"{name}" holds numbers written as text, for example "{cell}".')
    return found
