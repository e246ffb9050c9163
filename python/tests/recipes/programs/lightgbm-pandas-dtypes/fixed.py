"""One categorical type for both tables: the codes mean the same in train and test."""

import lightgbm as lgb
import pandas as pd

train = pd.DataFrame({"city": ["Rome", "Oslo"] * 30, "size": range(60), "y": [0, 1] * 30})
test = pd.DataFrame({"city": ["Oslo", "Lima"], "size": [3, 4]})
cities = pd.CategoricalDtype(sorted(train["city"].unique()))
train["city"], test["city"] = train["city"].astype(cities), test["city"].astype(cities)
model = lgb.LGBMClassifier(verbose=-1, n_estimators=5).fit(train[["city", "size"]], train["y"])
assert len(model.predict(test)) == 2
