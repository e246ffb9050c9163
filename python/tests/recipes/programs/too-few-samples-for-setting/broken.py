"""More neighbours than a small fold has rows."""

import numpy as np
from sklearn.neighbors import KNeighborsRegressor

features = np.arange(20.0).reshape(20, 1)
KNeighborsRegressor(n_neighbors=50).fit(features, features.ravel()).predict(features)
