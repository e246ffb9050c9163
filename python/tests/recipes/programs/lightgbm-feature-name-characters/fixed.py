"""Names are replaced by position: unique, and the same for train and test."""

import lightgbm as lgb
import numpy as np
import pandas as pd

train = pd.DataFrame({"size [m]": range(60), "kind:a": [0, 1, 1] * 20})
names = {name: f"f{position}" for position, name in enumerate(train.columns)}
model = lgb.LGBMRegressor(verbose=-1, n_estimators=5).fit(train.rename(columns=names), np.arange(60))
assert model.feature_name_ == ["f0", "f1"]
