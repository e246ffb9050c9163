"""get_dummies on train and test apart gives different columns."""

import pandas as pd
from sklearn.linear_model import LogisticRegression

train = pd.DataFrame({"city": ["Rome", "Oslo", "Rome", "Oslo"], "y": [0, 1, 0, 1]})
test = pd.DataFrame({"city": ["Rome", "Lima"]})
model = LogisticRegression().fit(pd.get_dummies(train[["city"]]), train["y"])
model.predict(pd.get_dummies(test))
