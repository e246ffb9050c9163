"""Categories are text, the gap included."""

import numpy as np
import pandas as pd
from catboost import CatBoostRegressor

train = pd.DataFrame({"code": [1.0, 2.0, np.nan, 1.0], "size": [1.0, 2.0, 3.0, 4.0]})
codes = train["code"].map("{:g}".format, na_action="ignore").astype(object)
train["code"] = codes.where(codes.notna(), "missing")
model = CatBoostRegressor(iterations=2, verbose=False, allow_writing_files=False)
assert len(model.fit(train, [1, 2, 3, 4], cat_features=["code"]).predict(train)) == 4
