"""The level is added first."""

import pandas as pd

column = pd.Series(["a", None, "b"], dtype="category")
assert column.cat.add_categories("missing").fillna("missing").tolist() == ["a", "missing", "b"]
