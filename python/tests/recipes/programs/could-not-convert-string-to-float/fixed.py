"""The text column is one-hot encoded; a level that only the test has becomes all zeros."""

import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

train = pd.DataFrame(
    {"colour": ["red", "blue", "red", "green"], "size": [1.0, 2.0, 3.0, 4.0], "y": [1.0, 2.0, 1.5, 4.0]}
)
test = pd.DataFrame({"colour": ["blue", "violet"], "size": [2.0, 3.0]})
columns = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), ["colour"]), remainder="passthrough")
model = make_pipeline(columns, Ridge()).fit(train[["colour", "size"]], train["y"])
assert len(model.predict(test)) == 2
