"""Infinities become missing where they arise; the imputer deals with them like any other gap."""

import numpy as np
import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline

train = pd.DataFrame({"income": [10.0, 20.0, 30.0, 40.0], "rooms": [1.0, 0.0, 2.0, 4.0], "y": [1.0, 2.0, 3.0, 4.0]})
train["ratio"] = (train["income"] / train["rooms"]).replace([np.inf, -np.inf], np.nan)
model = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), Ridge())
assert np.isfinite(model.fit(train[["income", "ratio"]], train["y"]).predict(train[["income", "ratio"]])).all()
