"""Medians from the training rows, and a flag that says where a value was missing."""

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

features = np.array([[1.0, 2.0], [np.nan, 1.0], [3.0, 0.0], [4.0, np.nan]])
model = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), LogisticRegression())
model.fit(features, [0, 0, 1, 1])
assert model[0].transform(features).shape == (4, 4)
