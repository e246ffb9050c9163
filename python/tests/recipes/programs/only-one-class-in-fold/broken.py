"""Sorted labels and contiguous folds: a fold's training part has one class."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

features, labels = np.arange(20.0).reshape(20, 1), np.repeat([0, 1], 10)
for seen, _ in KFold(2).split(features):
    LogisticRegression().fit(features[seen], labels[seen])
