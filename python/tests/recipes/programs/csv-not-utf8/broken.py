"""A table that an office program wrote."""

from pathlib import Path

import pandas as pd

Path("train.csv").write_bytes("city\nMálaga\n".encode("latin-1"))
pd.read_csv("train.csv")
