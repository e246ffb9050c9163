"""Ordinal codes: unknown and missing have codes of their own."""

import numpy as np
import pandas as pd
import xgboost as xgb
from sklearn.preprocessing import OrdinalEncoder

train = pd.DataFrame({"city": ["Rome", "Oslo"] * 10, "size": range(20)})
test = pd.DataFrame({"city": ["Lima", None], "size": [3, 4]})
encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2)
codes, test_codes = encoder.fit_transform(train[["city"]]).ravel(), encoder.transform(test[["city"]]).ravel()
model = xgb.XGBRegressor(n_estimators=3).fit(train.assign(city=codes), np.arange(20))
assert len(model.predict(test.assign(city=test_codes))) == 2
