"""The test has a level that the training rows lack."""

import pandas as pd
from sklearn.preprocessing import OneHotEncoder

encoder = OneHotEncoder().fit(pd.DataFrame({"city": ["Rome", "Oslo"]}))
encoder.transform(pd.DataFrame({"city": ["Rome", "Lima"]}))
