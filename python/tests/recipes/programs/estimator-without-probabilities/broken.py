"""A ridge classifier has no probabilities."""

import numpy as np
from sklearn.linear_model import RidgeClassifier

features = np.arange(20.0).reshape(10, 2)
RidgeClassifier().fit(features, [0, 1] * 5).predict_proba(features)
