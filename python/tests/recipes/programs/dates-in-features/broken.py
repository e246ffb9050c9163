"""A date column reaches a numeric estimator beside numbers."""

import pandas as pd
from sklearn.linear_model import Ridge

train = pd.DataFrame({"day": pd.date_range("2024-01-01", periods=4), "size": [1.0, 2.0, 3.0, 4.0]})
Ridge().fit(train, [1.0, 2.0, 3.0, 4.0])
