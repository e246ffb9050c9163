"""Scores are calibrated on inner folds."""

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import RidgeClassifier

features = np.arange(60.0).reshape(30, 2)
model = CalibratedClassifierCV(RidgeClassifier(), method="sigmoid", cv=3).fit(features, [0, 1] * 15)
assert np.allclose(model.predict_proba(features).sum(axis=1), 1.0)
