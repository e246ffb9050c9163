"""The old argument of fit, gone from LightGBM 4 and XGBoost 2."""

import lightgbm as lgb
import numpy as np

features = np.arange(200.0).reshape(100, 2)
model = lgb.LGBMRegressor(n_estimators=50, verbose=-1)
model.fit(features[:80], features[:80, 0], eval_set=[(features[80:], features[80:, 0])], early_stopping_rounds=5)
