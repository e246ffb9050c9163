"""Features take an ordinal encoder that knows a code for the unknown."""

import pandas as pd
from sklearn.preprocessing import OrdinalEncoder

encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
encoder.fit(pd.DataFrame({"city": ["Rome", "Oslo"]}))
assert encoder.transform(pd.DataFrame({"city": ["Rome", "Lima"]})).ravel().tolist() == [1.0, -1.0]
