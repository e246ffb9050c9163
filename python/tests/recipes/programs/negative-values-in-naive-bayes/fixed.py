"""A range from 0 to 1, clipped for test values outside it."""

import numpy as np
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

features = np.arange(12.0).reshape(6, 2)
model = make_pipeline(MinMaxScaler(clip=True), MultinomialNB()).fit(features, [0, 1] * 3)
assert len(model.predict(features - 100.0)) == 6
