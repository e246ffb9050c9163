"""Rare classes share one stratum, and all rows stay; folds as many as the smallest stratum allows."""

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedKFold

labels = pd.Series([0] * 5 + [1] * 5 + [2])
counts = labels.map(labels.value_counts())
strata = labels.where(counts >= 3, -1)
rare = int((strata == -1).sum())
if 0 < rare < 3:
    strata[strata == -1] = labels.mode()[0]
folds = StratifiedKFold(3, shuffle=True, random_state=0).split(np.arange(11), strata)
assert sum(len(hidden) for _, hidden in folds) == 11
