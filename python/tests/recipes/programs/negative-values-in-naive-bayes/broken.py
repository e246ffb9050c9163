"""Scaled features are negative, and multinomial naive Bayes counts."""

import numpy as np
from sklearn.naive_bayes import MultinomialNB
from sklearn.preprocessing import StandardScaler

features = StandardScaler().fit_transform(np.arange(12.0).reshape(6, 2))
MultinomialNB().fit(features, [0, 1] * 3)
