"""LightGBM is given a text column."""

import lightgbm as lgb
import pandas as pd

train = pd.DataFrame({"city": ["Rome", "Oslo"] * 30, "size": range(60), "y": [0, 1] * 30})
lgb.LGBMClassifier(verbose=-1, n_estimators=5).fit(train[["city", "size"]], train["y"])
