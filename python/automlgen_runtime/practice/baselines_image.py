"""Hand-written programs for p09: seven ways to describe a patch, six ordinary classifiers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from automlgen_runtime.practice.competition import Division
from automlgen_runtime.practice.reference import pixels

SIDE = 16
Describe = Callable[[np.ndarray], np.ndarray]


def image_baselines() -> dict[str, tuple[str, Callable[[Division], pd.DataFrame]]]:
    """Name -> (how it was made, program)."""
    features: dict[str, Describe] = {
        "pixels": lambda patches: patches.reshape(len(patches), -1),
        "sorted pixels": lambda patches: np.sort(patches.reshape(len(patches), -1), axis=1)[:, ::8],
        "moments": moments,
        "spectrum": spectrum,
        "autocorrelation": autocorrelation,
        "gradients": gradients,
        "everything": lambda p: np.hstack([moments(p), spectrum(p), autocorrelation(p), gradients(p)]),
    }
    models: dict[str, tuple[str, Any]] = {
        "logistic": ("C 0.1", LogisticRegression(C=0.1, max_iter=300)),
        "neighbours": ("k 15", KNeighborsClassifier(15)),
        "bayes": ("normal", GaussianNB()),
        "discriminant": ("linear", make_pipeline(PCA(0.999), LinearDiscriminantAnalysis())),
        "extra trees": ("200 trees", ExtraTreesClassifier(200, min_samples_leaf=2, random_state=0)),
        "forest": ("200 trees", RandomForestClassifier(200, min_samples_leaf=3, random_state=0)),
    }
    found = {
        f"{feature}, {name}": (f"{feature}; {how}", _program(describe, model))
        for feature, describe in features.items()
        for name, (how, model) in models.items()
        if not (feature == "pixels" and name == "forest")
    }
    found["most frequent"] = ("one class", _program(moments, DummyClassifier()))
    found["components, support vectors"] = (
        "PCA 30, C 3",
        _program(features["pixels"], make_pipeline(PCA(30, random_state=0), SVC(C=3))),
    )
    found["everything, support vectors"] = ("C 3", _program(features["everything"], SVC(C=3)))
    return found


def moments(patches: np.ndarray) -> np.ndarray:
    flat = patches.reshape(len(patches), -1)
    plain = (flat - flat.mean(axis=1, keepdims=True)) / (flat.std(axis=1, keepdims=True) + 1e-9)
    powers = [(plain**3).mean(axis=1), (plain**4).mean(axis=1), flat.mean(axis=1), flat.std(axis=1)]
    return np.column_stack([*powers, *np.quantile(flat, [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99], axis=1)])


def spectrum(patches: np.ndarray) -> np.ndarray:
    """Mean log power by distance from the centre of the Fourier plane."""
    power = np.log1p(np.abs(np.fft.fftshift(np.fft.fft2(_centred(patches)), axes=(1, 2))) ** 2)
    at = np.hypot(*np.meshgrid(*[np.arange(SIDE) - SIDE // 2] * 2))
    return np.column_stack([power[:, (at >= r) & (at < r + 1)].mean(axis=1) for r in range(11)])


def autocorrelation(patches: np.ndarray) -> np.ndarray:
    """Circular correlation of the patch with itself, shifted by up to four pixels."""
    power = np.abs(np.fft.fft2(_centred(patches))) ** 2
    shifted = np.fft.ifft2(power).real
    return (shifted[:, :5, :5] / (shifted[:, :1, :1] + 1e-9)).reshape(len(patches), -1)[:, 1:]


def gradients(patches: np.ndarray) -> np.ndarray:
    """Gradient strength: its quantiles, and its sorted histogram over eight directions."""
    dy, dx = np.gradient(patches, axis=(1, 2))
    strength, angle = np.hypot(dy, dx), np.arctan2(dy, dx)
    sector = ((angle + np.pi) / (2 * np.pi) * 8).astype(int) % 8
    share = np.stack([(strength * (sector == k)).sum(axis=(1, 2)) for k in range(8)], axis=1)
    share = np.sort(share / (share.sum(axis=1, keepdims=True) + 1e-9), axis=1)
    flat = strength.reshape(len(patches), -1)
    return np.column_stack([share, *np.quantile(flat, [0.1, 0.25, 0.5, 0.75, 0.9, 0.99], axis=1)])


def _centred(patches: np.ndarray) -> np.ndarray:
    return patches - patches.mean(axis=(1, 2), keepdims=True)


def _program(describe: Describe, model: Any) -> Callable[[Division], pd.DataFrame]:
    def run(division: Division) -> pd.DataFrame:
        train, test = (
            describe(pixels(division, part["image"], "images").reshape(-1, SIDE, SIDE).astype(float))
            for part in (division.train, division.test)
        )
        fitted = make_pipeline(StandardScaler(), model).fit(train, division.train["material"])
        return pd.DataFrame({"id": division.test["id"], "material": fitted.predict(test)})

    return run
