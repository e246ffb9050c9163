"""A text column reaches a numeric estimator."""

import pandas as pd
from sklearn.linear_model import Ridge

train = pd.DataFrame(
    {"colour": ["red", "blue", "red", "green"], "size": [1.0, 2.0, 3.0, 4.0], "y": [1.0, 2.0, 1.5, 4.0]}
)
model = Ridge().fit(train[["colour", "size"]], train["y"])
