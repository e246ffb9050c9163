"""Missing values reach an estimator that refuses them."""

import numpy as np
from sklearn.linear_model import LogisticRegression

features = np.array([[1.0, 2.0], [np.nan, 1.0], [3.0, 0.0], [4.0, np.nan]])
LogisticRegression().fit(features, [0, 0, 1, 1])
