"""Unknown levels fall into the group of rare ones."""

import pandas as pd
from sklearn.preprocessing import OneHotEncoder

encoder = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=2)
encoder.fit(pd.DataFrame({"city": ["Rome", "Rome", "Oslo"]}))
assert encoder.transform(pd.DataFrame({"city": ["Rome", "Lima"]})).toarray().tolist() == [[1.0, 0.0], [0.0, 1.0]]
