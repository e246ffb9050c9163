"""Codes for fitting, the original labels for the answer."""

import numpy as np
import xgboost as xgb

features, labels = np.arange(60.0).reshape(30, 2), np.tile([1, 2, 3], 10)
classes, codes = np.unique(labels, return_inverse=True)
model = xgb.XGBClassifier(n_estimators=3).fit(features, codes)
assert set(classes[model.predict(features)]) <= {1, 2, 3}
