"""Elapsed days for the trend; month and weekday for the season."""

import pandas as pd
from sklearn.linear_model import Ridge

train = pd.DataFrame({"day": pd.date_range("2024-01-01", periods=4), "size": [1.0, 2.0, 3.0, 4.0]})
day = train.pop("day")
train = train.assign(days=(day - day.min()).dt.days, month=day.dt.month, weekday=day.dt.weekday)
assert len(Ridge().fit(train, [1.0, 2.0, 3.0, 4.0]).predict(train)) == 4
