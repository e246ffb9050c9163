"""fillna no longer fills forward."""

import pandas as pd

pd.DataFrame({"a": [1.0, None, 3.0]}).fillna(method="ffill")
