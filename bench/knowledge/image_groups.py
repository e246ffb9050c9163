"""Hand-made features and models for small texture patches: macro-F1, 5 folds by block. Argument: the builder seed."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from PIL import Image
from sklearn.base import ClassifierMixin
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from common import line, practice, shipped

folder = practice("p09-textures", int(sys.argv[1]) if len(sys.argv) > 1 else 1)
train = pd.read_csv(folder / "train.csv")
started = time.process_time()
images = np.stack([np.asarray(Image.open(folder / "images" / name), dtype=float) / 255 for name in train["image"]])
print(f"{len(images)} patches of {images.shape[1]} by {images.shape[2]}, read in {time.process_time() - started:.1f} s")
target = train["material"].to_numpy()
blocks = train["block"].to_numpy()
flat = images.reshape(len(images), -1)

started = time.process_time()
GROUPS = {
    "spectrum": shipped("feature/spectrum", "spectrum", rings=8, sectors=8)(images),
    "autocorrelation": shipped("feature/autocorrelation", "autocorrelation", reach=4)(images),
    "gradients": shipped("feature/gradient_histogram", "gradient_histogram", bins=8)(images),
    "local patterns": shipped("feature/local_patterns", "local_patterns", sigma=0.7)(images),
    "brightness": shipped("feature/brightness_moments", "brightness_moments")(images),
    "components": PCA(30, random_state=0).fit_transform(flat),
}
print(f"six groups in {time.process_time() - started:.1f} s: ", {name: part.shape[1] for name, part in GROUPS.items()})


def score(make: Callable[[], ClassifierMixin], features: np.ndarray) -> tuple[float, float]:
    """Macro-F1 of the out-of-fold labels, and seconds of one core."""
    begun = time.process_time()
    model = make_pipeline(StandardScaler(), make())
    found = cross_val_predict(model, features, target, groups=blocks, cv=GroupKFold(5))
    return f1_score(target, found, average="macro"), time.process_time() - begun


def kernel() -> SVC:
    return SVC(C=3)


def together(*names: str) -> np.ndarray:
    return np.hstack([GROUPS[name] for name in names])


everything = together(*GROUPS)
print("macro-F1 and seconds, support vectors with C 3")
line("pixels", *score(kernel, flat))
for name, part in GROUPS.items():
    line(f"{name} alone ({part.shape[1]})", *score(kernel, part))
line("spectrum + autocorrelation", *score(kernel, together("spectrum", "autocorrelation")))
line("spectrum + gradients", *score(kernel, together("spectrum", "gradients")))
line(f"all ({everything.shape[1]})", *score(kernel, everything))
for left_out in GROUPS:
    line(f"all without {left_out}", *score(kernel, together(*(name for name in GROUPS if name != left_out))))
gradients = GROUPS["gradients"]
line("gradients, sorted shares and levels", *score(kernel, np.hstack([gradients[:, :8], gradients[:, 16:]])))
line("gradients, plain shares and levels", *score(kernel, gradients[:, 8:]))

print("macro-F1 and seconds, other models on all groups")
for strength in (0.03, 0.1, 0.3, 1.0):
    line(
        f"logistic, strength {strength}",
        *score(lambda strength=strength: LogisticRegression(C=strength, max_iter=200), everything),
    )
for shrinkage in (0.01, 0.05, 0.3):
    line(
        f"linear discriminant, shrinkage {shrinkage}",
        *score(lambda shrinkage=shrinkage: LinearDiscriminantAnalysis(solver="lsqr", shrinkage=shrinkage), everything),
    )
line("quadratic, 0.1, all columns", *score(lambda: QuadraticDiscriminantAnalysis(reg_param=0.1), everything))
for size in (10, 20, 40):
    line(
        f"quadratic, 0.1, {size} components",
        *score(lambda size=size: make_pipeline(PCA(size), QuadraticDiscriminantAnalysis(reg_param=0.1)), everything),
    )
