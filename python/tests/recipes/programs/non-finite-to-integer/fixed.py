"""The nullable type keeps the gap; a model column stays a float."""

import pandas as pd

column = pd.Series([1.0, None, 3.0])
assert column.astype("Int64").isna().sum() == 1
assert column.fillna(column.median()).round().astype(int).tolist() == [1, 2, 3]
