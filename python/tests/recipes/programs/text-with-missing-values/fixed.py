"""Empty text for empty cells, in train and test alike."""

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer

texts = pd.Series(["good film", np.nan, "bad film"], dtype=object).fillna("").astype(str)
assert TfidfVectorizer().fit_transform(texts).shape[0] == 3
