"""LightGBM takes a callback, XGBoost a constructor argument."""

import lightgbm as lgb
import numpy as np
import xgboost as xgb

features = np.arange(200.0).reshape(100, 2)
train, inner = (features[:80], features[:80, 0]), (features[80:], features[80:, 0])
first = lgb.LGBMRegressor(n_estimators=50, verbose=-1)
first.fit(*train, eval_X=inner[0], eval_y=inner[1], callbacks=[lgb.early_stopping(5, verbose=False)])
second = xgb.XGBRegressor(n_estimators=50, early_stopping_rounds=5).fit(*train, eval_set=[inner], verbose=False)
assert first.best_iteration_ > 0 and second.best_iteration >= 0
