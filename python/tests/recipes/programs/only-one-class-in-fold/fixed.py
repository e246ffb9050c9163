"""Stratified and shuffled folds."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

features, labels = np.arange(20.0).reshape(20, 1), np.repeat([0, 1], 10)
for seen, _ in StratifiedKFold(5, shuffle=True, random_state=0).split(features, labels):
    assert len(LogisticRegression().fit(features[seen], labels[seen]).classes_) == 2
