"""The feature list still holds the target, which the test lacks."""

import pandas as pd

train = pd.DataFrame({"size": [1.0, 2.0], "price": [3.0, 4.0]})
test = pd.DataFrame({"size": [1.5]})
features = list(train.columns)
print(test[features])
