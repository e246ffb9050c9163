"""Small aligned images: noisy digits as pixels, as components, and with shifted copies. Accuracy, 3 folds."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import shift
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.metrics import accuracy_score
from sklearn.model_selection import StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from common import line

digits = load_digits()
noisy = (digits.images + np.random.default_rng(0).normal(0, 5, digits.images.shape)).astype(float)
flat, target = noisy.reshape(len(noisy), -1), digits.target
STEPS = [(0, 0), (0, 1), (0, -1), (1, 0), (-1, 0)]
MODELS = {
    "support vectors, pixels": lambda: make_pipeline(StandardScaler(), SVC(C=3)),
    "support vectors, 30 components, scaled": lambda: make_pipeline(
        PCA(30, random_state=0), StandardScaler(), SVC(C=3)
    ),
    "support vectors, 30 components": lambda: make_pipeline(PCA(30, random_state=0), SVC(C=3)),
    "15 neighbours, pixels": lambda: make_pipeline(StandardScaler(), KNeighborsClassifier(15)),
    "extra trees, pixels": lambda: ExtraTreesClassifier(100, min_samples_leaf=2, random_state=0),
}
print("accuracy of out-of-fold labels: as it is, with copies shifted by one pixel in four directions")
for name, make in MODELS.items():
    plain, more = np.zeros_like(target), np.zeros_like(target)
    for fit, held in StratifiedKFold(3, shuffle=True, random_state=0).split(flat, target):
        plain[held] = make().fit(flat[fit], target[fit]).predict(flat[held])
        copies = np.concatenate([shift(noisy[fit], (0, *step), order=0).reshape(len(fit), -1) for step in STEPS])
        more[held] = make().fit(copies, np.tile(target[fit], len(STEPS))).predict(flat[held])
    line(name, accuracy_score(target, plain), accuracy_score(target, more))
