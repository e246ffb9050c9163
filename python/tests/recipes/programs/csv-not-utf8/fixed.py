"""Read as what it is; the check is that known words look right."""

from pathlib import Path

import pandas as pd

Path("train.csv").write_bytes("city\nMálaga\n".encode("latin-1"))
assert pd.read_csv("train.csv", encoding="cp1252")["city"].tolist() == ["Málaga"]
