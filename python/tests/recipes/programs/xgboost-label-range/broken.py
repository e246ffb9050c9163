"""Classes 1 to 3 instead of 0 to 2."""

import numpy as np
import xgboost as xgb

features = np.arange(60.0).reshape(30, 2)
xgb.XGBClassifier(n_estimators=3).fit(features, np.tile([1, 2, 3], 10))
