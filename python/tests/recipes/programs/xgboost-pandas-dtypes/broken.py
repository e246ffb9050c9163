"""XGBoost is given a text column."""

import numpy as np
import pandas as pd
import xgboost as xgb

train = pd.DataFrame({"city": ["Rome", "Oslo"] * 10, "size": range(20)})
xgb.XGBRegressor(n_estimators=3).fit(train, np.arange(20))
