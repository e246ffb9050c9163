"""The test is brought to the training columns: missing ones are 0, new ones go, the order is that of train."""

import pandas as pd
from sklearn.linear_model import LogisticRegression

train = pd.DataFrame({"city": ["Rome", "Oslo", "Rome", "Oslo"], "y": [0, 1, 0, 1]})
test = pd.DataFrame({"city": ["Rome", "Lima"]})
features = pd.get_dummies(train[["city"]])
model = LogisticRegression().fit(features, train["y"])
assert len(model.predict(pd.get_dummies(test).reindex(columns=features.columns, fill_value=0))) == 2
