"""A regressor, clipped to the range that was seen."""

import numpy as np
from sklearn.ensemble import RandomForestRegressor

target = np.array([0.5, 1.5, 2.25, 3.1, 4.0, 5.5])
model = RandomForestRegressor(n_estimators=3, random_state=0).fit(np.arange(6.0).reshape(6, 1), target)
predictions = model.predict([[99.0]]).clip(target.min(), target.max())
assert 0.5 <= predictions[0] <= 5.5
