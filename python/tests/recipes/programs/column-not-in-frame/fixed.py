"""Features are the columns that both tables have, in the order of train, without target and id."""

import pandas as pd

train = pd.DataFrame({"size": [1.0, 2.0], "price": [3.0, 4.0]})
test = pd.DataFrame({"size": [1.5]})
features = [name for name in train.columns if name in test.columns and name not in {"price", "id"}]
assert test[features].shape == (1, 1)
