"""More features than rows of a class."""

import numpy as np
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis

features = np.random.default_rng(0).normal(size=(20, 30))
QuadraticDiscriminantAnalysis().fit(features, [0, 1] * 10)
