"""Column names hold brackets and colons, as one-hot names often do."""

import lightgbm as lgb
import numpy as np
import pandas as pd

train = pd.DataFrame({"size [m]": range(60), "kind:a": [0, 1, 1] * 20})
lgb.LGBMRegressor(verbose=-1, n_estimators=5).fit(train, np.arange(60))
