"""A path of another machine."""

import pandas as pd

pd.read_csv("/data/competition/train.csv")
