"""A column with a gap is cast to integers."""

import pandas as pd

pd.Series([1.0, None, 3.0]).astype(int)
