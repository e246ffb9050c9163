"""The input folder is looked at, and the path is relative to the program."""

from pathlib import Path

import pandas as pd

folder = Path("input")
folder.mkdir(exist_ok=True)
(folder / "train.csv").write_text("a,b\n1,2\n", encoding="utf-8")
names = sorted(path.name for path in folder.iterdir())
assert "train.csv" in names, f"no train.csv among {names}"
assert len(pd.read_csv(folder / "train.csv")) == 1
