"""A ratio feature divides by zero."""

import pandas as pd
from sklearn.linear_model import Ridge

train = pd.DataFrame({"income": [10.0, 20.0, 30.0, 40.0], "rooms": [1.0, 0.0, 2.0, 4.0], "y": [1.0, 2.0, 3.0, 4.0]})
train["ratio"] = train["income"] / train["rooms"]
Ridge().fit(train[["income", "ratio"]], train["y"])
