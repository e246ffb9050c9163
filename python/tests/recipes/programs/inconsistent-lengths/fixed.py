"""Rows are dropped from the whole table before it is divided, and only where the target itself is missing."""

import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline

train = pd.DataFrame({"a": [1.0, None, 3.0, 4.0], "y": [1.0, 2.0, 3.0, 4.0]}).dropna(subset=["y"])
assert len(make_pipeline(SimpleImputer(), LinearRegression()).fit(train[["a"]], train["y"]).predict(train[["a"]])) == 4
