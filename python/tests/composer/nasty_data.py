"""Small tables as people publish them: gaps in every spelling, codes, remarks, rare classes, nothing to learn from.

    python nasty_data.py folder

writes `folder/<name>/{train,test,sample_submission}.csv`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

TITLES = ["Mr. ", "Mrs. ", "Dr. ", "Miss "]


def main(folder: Path) -> None:
    for name, make in {
        "passengers": passengers,
        "rare": rare,
        "wide": wide,
        "remarks": remarks,
        "words": words,
        "single": single,
        "grades": grades,
    }.items():
        rng = np.random.default_rng(11)
        table, target, test_rows, blank = make(rng)
        write(folder / name, table, target, test_rows, blank)


def write(folder: Path, table: pd.DataFrame, target: str, test_rows: int, blank: object) -> None:
    folder.mkdir(parents=True)
    train, test = table.iloc[:-test_rows], table.iloc[-test_rows:].drop(columns=target)
    train.to_csv(folder / "train.csv", index=False)
    test.to_csv(folder / "test.csv", index=False)
    test.iloc[:, :1].assign(**{target: blank}).to_csv(folder / "sample_submission.csv", index=False)


def passengers(rng: np.random.Generator) -> tuple[pd.DataFrame, str, int, object]:
    """Names, tickets, cabins, fares in disguise, infinities, odd headings, labels that are missing."""
    rows = 480
    hidden = rng.normal(size=rows)
    gaps = rng.random(rows)
    letters = rng.integers(65, 71, rows)
    table = pd.DataFrame(
        {
            "Pass ID": [f"{index:05d}" for index in rng.permutation(rows)],
            "full name": [TITLES[rng.integers(4)] + f"Ada {chr(c)}. von Test ({c})" for c in letters],
            "ticket": [f"{chr(c)}/5 {rng.integers(100)}" for c in letters],
            "cabin": np.where(gaps < 0.7, None, [f"{chr(c)}{c % 7}" for c in letters]),
            'fare [£], "all": {in}': [f"{1000 * abs(value):,.2f}" for value in hidden],
            "age": np.where(gaps > 0.8, "?", np.round(30 + 5 * hidden).astype(int).astype(str)),
            "größe": np.where(gaps < 0.1, "NA ", np.round(hidden, 2).astype(str)),
            "limit": np.where(gaps > 0.95, np.inf, hidden * 3),
            "huge": np.where(gaps > 0.97, 1e300, rng.normal(size=rows) * 1e12),
            "alone": hidden > 0.5,
            "insured": np.where(gaps < 0.2, None, hidden < 0),
            "constant": 3,
            "empty": np.nan,
            "nearly constant": np.where(np.arange(rows) == 7, 1, 0),
            "mixed": np.where(gaps < 0.5, "7", np.where(gaps < 0.7, "seven", "x7")),
            "boarded": pd.Timestamp("1912-04-10") + pd.to_timedelta(rng.integers(0, 9000, rows), unit="h"),
        }
    )
    survived = np.where(hidden + rng.normal(scale=0.7, size=rows) > 0, "1.0", "0.0").astype(object)
    survived[5:9] = None
    table["survived?"] = survived
    table.iloc[20:30, 1:] = table.iloc[30:40, 1:].to_numpy()
    return table, "survived?", 120, 0.5


def rare(rng: np.random.Generator) -> tuple[pd.DataFrame, str, int, object]:
    """60 labelled rows, four classes, one of them seen twice."""
    rows = 100
    hidden = rng.normal(size=rows)
    table = pd.DataFrame({"id": rng.permutation(rows), "a": hidden, "b": 1, "c": rng.integers(0, 3, rows)})
    label = np.array(["x", "y", "z"], dtype=object)[np.digitize(hidden, [-0.4, 0.6])]
    label[[3, 17]] = "w"
    return table.assign(kind=label), "kind", 40, "x"


def wide(rng: np.random.Generator) -> tuple[pd.DataFrame, str, int, object]:
    """500 columns, 300 rows, a target on both sides of zero."""
    values = rng.normal(size=(360, 500))
    table = pd.DataFrame(values, columns=[f"f{index}" for index in range(500)])
    table.insert(0, "id", [f"r{index}" for index in range(360)])
    return table.assign(effect=values[:, :5].sum(axis=1) - 1), "effect", 60, 0


def remarks(rng: np.random.Generator) -> tuple[pd.DataFrame, str, int, object]:
    """60 labelled rows, remarks among many columns, an amount over several sizes of order."""
    rows = 90
    hidden = rng.normal(size=rows)
    table = pd.DataFrame({"id": [f"k{index}" for index in range(rows)]})
    for index in range(5):
        table[f"n{index}"] = hidden + rng.normal(size=rows)
    grades = ["poor and very old", "fair for what it is", "good, well kept place", "a truly great find!"]
    table["remark"] = [f"{grades[place]} no. {place}" for place in np.digitize(hidden, [-1, 0, 1])]
    table["dealer"] = [f"d{value}" for value in rng.integers(0, 30, rows)]
    return table.assign(price=np.round(np.exp(2 * hidden + 5), 2)), "price", 30, 1


def words(rng: np.random.Generator) -> tuple[pd.DataFrame, str, int, object]:
    """Not one number."""
    rows = 300
    table = pd.DataFrame({"id": [f"w{index}" for index in rng.permutation(rows)]})
    for index in range(4):
        table[f"w{index}"] = rng.choice(["red", "green", "None", "blue?", "n/a"], rows)
    label = np.where((table["w0"] == "red") ^ (rng.random(rows) < 0.2), "yes", "no")
    return table.assign(answer=label), "answer", 60, "no"


def single(rng: np.random.Generator) -> tuple[pd.DataFrame, str, int, object]:
    """One column, counts with zeros."""
    rows = 260
    hidden = rng.normal(size=rows)
    table = pd.DataFrame({"id": [f"s{index}" for index in rng.permutation(rows)], "x": hidden})
    return table.assign(visits=rng.poisson(np.exp(hidden))), "visits", 60, 0


def grades(rng: np.random.Generator) -> tuple[pd.DataFrame, str, int, object]:
    """An ordered target whose best grade is rare, gaps in every column."""
    rows = 260
    hidden = rng.normal(size=(rows, 3))
    table = pd.DataFrame(np.where(rng.random((rows, 3)) < 0.3, np.nan, hidden), columns=["a", "b", "c"])
    table.insert(0, "id", [f"g{index}" for index in rng.permutation(rows)])
    return table.assign(grade=np.digitize(hidden.sum(axis=1), [-2, 0, 2, 4.2])), "grade", 60, 0


if __name__ == "__main__":
    main(Path(sys.argv[1]))
