"""Hand-written programs for p08: ways to see through the noise, and models that say how sure they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from scipy.ndimage import gaussian_filter, shift
from sklearn.calibration import CalibratedClassifierCV
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from automlgen_runtime.practice.baselines_models import Entries, Program
from automlgen_runtime.practice.competition import Division
from automlgen_runtime.practice.noisy_digits import CLASSES, SIDE
from automlgen_runtime.practice.reference import pixels

Describe = Callable[[np.ndarray], np.ndarray]
FLOOR = 1e-3
"""No probability below: one confident mistake would cost more than many cautious rows gain."""


def digit_baselines() -> Entries:
    """Name -> (how it was made, program)."""
    found: Entries = {
        "class shares": ("no picture", _program(sums, DummyClassifier())),
        "rows and columns, logistic": ("sums of ink", _program(sums, _scaled(LogisticRegression(C=0.1, max_iter=500)))),
        "rows and columns, forest": ("sums of ink", _program(sums, _forest(3))),
        "pixels, tree": ("depth 6", _program(plain, DecisionTreeClassifier(max_depth=6, random_state=0))),
        "pixels, histogram boosting": ("60 rounds", _program(plain, HistGradientBoostingClassifier(max_iter=60))),
        "pixels, lightgbm": ("40 rounds, 7 leaves", _program(plain, _light(n_estimators=40, num_leaves=7))),
        "blurred, lightgbm": ("60 rounds, 7 leaves", _program(blurred, _light(n_estimators=60, num_leaves=7))),
        "pixels, support vectors, soft": ("C 1", _program(plain, _scaled(_vectors(1.0)))),
        "shifted copies, support vectors": (
            "five times the rows",
            _program(plain, _scaled(_vectors(3.0)), copies=True),
        ),
        "shifted copies, extra trees": ("five times the rows", _program(blurred, _trees(2), copies=True)),
        "shifted copies, logistic": ("five times the rows", _program(blurred, _logistic(0.01), copies=True)),
        "shifted copies, perceptron": (
            "five times the rows",
            _program(blurred, _scaled(_perceptron(3.0)), copies=True),
        ),
    }
    for seen, describe in {"pixels": plain, "blurred": blurred, "components": plain, "gradients": gradients}.items():
        for name, how, model in _models():
            # More columns than rows of a class: that model has no covariance to invert.
            if (seen, name) == ("gradients", "quadratic"):
                continue
            whole = make_pipeline(PCA(20, random_state=0), model) if seen == "components" else model
            found[f"{seen}, {name}"] = (f"{seen}; {how}", _program(describe, whole))
    return found


def _models() -> list[tuple[str, str, Any]]:
    return [
        ("logistic", "C 0.01", _logistic(0.01)),
        ("discriminant", "shrunk", LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.3)),
        ("quadratic", "regularised", QuadraticDiscriminantAnalysis(reg_param=0.5)),
        ("bayes", "normal", GaussianNB()),
        ("neighbours", "k 25, by distance", KNeighborsClassifier(25, weights="distance")),
        ("support vectors", "C 3, calibrated", _scaled(_vectors(3.0))),
        ("forest", "200 trees", _forest(2)),
        ("extra trees", "200 trees", _trees(2)),
        ("perceptron", "32, strongly regularised", _scaled(_perceptron(10.0))),
    ]


def plain(patches: np.ndarray) -> np.ndarray:
    return patches.reshape(len(patches), -1)


def blurred(patches: np.ndarray) -> np.ndarray:
    return plain(gaussian_filter(patches, (0, 0.7, 0.7)))


def sums(patches: np.ndarray) -> np.ndarray:
    return np.hstack([patches.sum(axis=1), patches.sum(axis=2)])


def gradients(patches: np.ndarray) -> np.ndarray:
    """Blurred pixels, and the strength of the gradient in four directions on a grid of 4 x 4."""
    smooth = gaussian_filter(patches, (0, 0.7, 0.7))
    dy, dx = np.gradient(smooth, axis=(1, 2))
    parts = [np.maximum(part, 0) for part in (dy, -dy, dx, -dx)]
    cells = [part.reshape(-1, 4, 2, 4, 2).sum(axis=(2, 4)).reshape(len(patches), -1) for part in parts]
    return np.hstack([plain(smooth), *cells])


def _scaled(model: Any) -> Any:
    return make_pipeline(StandardScaler(), model)


def _logistic(c: float) -> Any:
    return _scaled(LogisticRegression(C=c, max_iter=500))


def _vectors(c: float) -> CalibratedClassifierCV:
    return CalibratedClassifierCV(SVC(C=c, gamma=0.005), cv=3, ensemble=False)


def _forest(leaf: int) -> RandomForestClassifier:
    return RandomForestClassifier(200, min_samples_leaf=leaf, random_state=0, n_jobs=1)


def _trees(leaf: int) -> ExtraTreesClassifier:
    return ExtraTreesClassifier(200, min_samples_leaf=leaf, random_state=0, n_jobs=1)


def _perceptron(alpha: float) -> MLPClassifier:
    return MLPClassifier((32,), alpha=alpha, max_iter=80, random_state=0)


def _light(**options: Any) -> Any:
    from lightgbm import LGBMClassifier

    return LGBMClassifier(n_jobs=1, verbose=-1, deterministic=True, force_row_wise=True, **options)


def _program(describe: Describe, model: Any, *, copies: bool = False) -> Program:
    def run(division: Division) -> pd.DataFrame:
        train, test = (
            pixels(division, part["image"], "images").reshape(-1, SIDE, SIDE).astype(float)
            for part in (division.train, division.test)
        )
        labels = division.train["digit"].to_numpy()
        if copies:
            moves = [(0, 0, 0), (0, 0.5, 0), (0, -0.5, 0), (0, 0, 0.5), (0, 0, -0.5)]
            train = np.vstack([shift(train, move, order=1, mode="nearest") for move in moves])
            labels = np.tile(labels, len(moves))
        fitted = model.fit(describe(train), labels)
        shares = np.maximum(fitted.predict_proba(describe(test)), FLOOR)
        table = pd.DataFrame(shares / shares.sum(axis=1, keepdims=True), columns=list(CLASSES))
        table.insert(0, "id", division.test["id"].to_numpy())
        return table

    return run
