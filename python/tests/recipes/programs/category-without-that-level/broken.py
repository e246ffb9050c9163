"""A constant is filled into a categorical column that has no such level."""

import pandas as pd

pd.Series(["a", None, "b"], dtype="category").fillna("missing")
