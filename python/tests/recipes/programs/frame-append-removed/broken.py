"""Rows are appended the old way."""

import pandas as pd

both = pd.DataFrame({"a": [1]}).append(pd.DataFrame({"a": [2]}))
