"""Rows were dropped from the features and not from the target."""

import pandas as pd
from sklearn.linear_model import LinearRegression

train = pd.DataFrame({"a": [1.0, None, 3.0, 4.0], "y": [1.0, 2.0, 3.0, 4.0]})
LinearRegression().fit(train[["a"]].dropna(), train["y"])
