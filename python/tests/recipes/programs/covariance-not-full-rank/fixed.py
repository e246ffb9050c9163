"""Fewer components than rows of the smallest class, and a shrunken covariance."""

import numpy as np
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
from sklearn.pipeline import make_pipeline

features = np.random.default_rng(0).normal(size=(20, 30))
model = make_pipeline(PCA(n_components=4), QuadraticDiscriminantAnalysis(reg_param=0.1)).fit(features, [0, 1] * 10)
assert len(model.predict(features)) == 20
