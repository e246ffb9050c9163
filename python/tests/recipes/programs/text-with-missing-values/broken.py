"""An empty cell is a number to the vectoriser."""

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer

TfidfVectorizer().fit(pd.Series(["good film", np.nan, "bad film"], dtype=object))
