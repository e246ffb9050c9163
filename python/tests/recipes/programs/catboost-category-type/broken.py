"""A category column with a gap is made of floats."""

import numpy as np
import pandas as pd
from catboost import CatBoostRegressor

train = pd.DataFrame({"code": [1.0, 2.0, np.nan, 1.0], "size": [1.0, 2.0, 3.0, 4.0]})
CatBoostRegressor(iterations=2, verbose=False, allow_writing_files=False).fit(
    train, [1, 2, 3, 4], cat_features=["code"]
)
