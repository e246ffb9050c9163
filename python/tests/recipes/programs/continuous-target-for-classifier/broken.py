"""A number with decimals is the target of a classifier."""

import numpy as np
from sklearn.ensemble import RandomForestClassifier

RandomForestClassifier(n_estimators=3).fit(np.arange(6.0).reshape(6, 1), [0.5, 1.5, 2.25, 3.1, 4.0, 5.5])
