"""Differently shaped small tables, as people bring them: what the card must say of each.

Real ones come from packages that are installed; made ones have a shape that those lack. All are divided at random
unless their shape says otherwise, and come without a description.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

Tables = tuple[pd.DataFrame, pd.DataFrame]


@dataclass(frozen=True)
class Shape:
    """`make` gives train and test. `kinds`: kinds that must be found; `sorted_rows`: the order of train tells."""

    name: str
    make: Callable[[], Tables]
    target: str | list[str]
    metric: str
    task_type: str
    kinds: dict[str, str] = field(default_factory=dict)
    id_column: str | None = None
    relation: str = "random"
    classes: tuple[str, ...] | None = None
    regimes: tuple[str, ...] = ()
    sorted_rows: bool = False
    separator: str = ","


def rng(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def divided(whole: pd.DataFrame, target: str | list[str], seed: int = 0) -> Tables:
    """A quarter of the rows, at random, becomes the test table; the order of rows stays."""
    order = rng(seed).permutation(len(whole))
    cut = len(whole) // 4
    test = whole.iloc[np.sort(order[:cut])].drop(columns=target)
    return whole.iloc[np.sort(order[cut:])], test


def _fair() -> Tables:
    import statsmodels.api as sm

    whole = sm.datasets.fair.load_pandas().data.drop(columns="affairs")
    return divided(whole, "rate_marriage")


def _anes() -> Tables:
    import statsmodels.api as sm

    whole = sm.datasets.anes96.load_pandas().data.drop(columns=["vote"])
    names = np.array(["strong dem", "weak dem", "lean dem", "indep", "lean rep", "weak rep", "strong rep"])
    whole["PID"] = names[whole["PID"].astype(int)]
    return divided(whole, "PID")


def _randhie() -> Tables:
    import statsmodels.api as sm

    return divided(sm.datasets.randhie.load_pandas().data.iloc[:4_000], "mdvis")


def _penguins() -> Tables:
    import sklearn.datasets

    folder = Path(sklearn.datasets.__file__).parent / "tests/data/openml/id_42585"
    path = next(folder.glob("data*.arff.gz"))
    lines = [line.strip() for line in gzip.decompress(path.read_bytes()).decode().splitlines() if line.strip()]
    names = [line.split()[1].strip("'\"") for line in lines if line.lower().startswith("@attribute")]
    start = next(i for i, line in enumerate(lines) if line.lower() == "@data")
    rows = [[cell.strip("'\"") for cell in line.split(",")] for line in lines[start + 1 :]]
    return divided(pd.DataFrame(rows, columns=names), "species")


def _cancer() -> Tables:
    from sklearn.datasets import load_breast_cancer

    bunch = load_breast_cancer(as_frame=True)
    whole = bunch.data.assign(diagnosis=np.where(bunch.target == 1, "benign", "malignant"))
    whole.insert(0, "sample", [f"S-{i * 7919 % 99991:05d}" for i in range(len(whole))])
    return divided(whole, "diagnosis")


def _diabetes() -> Tables:
    from sklearn.datasets import load_diabetes

    return divided(load_diabetes(as_frame=True, scaled=False).frame, "target")


def _faces() -> Tables:
    """More columns than rows."""
    from skimage.data import lfw_subset

    pixels = np.round(lfw_subset().reshape(200, -1), 4)
    whole = pd.DataFrame(pixels, columns=[f"p{i}" for i in range(pixels.shape[1])])
    whole["face"] = ["yes"] * 100 + ["no"] * 100
    return divided(whole.iloc[rng(4).permutation(200)], "face")


def _churn() -> Tables:
    random = rng(1)
    rows = 800
    whole = pd.DataFrame({"Customer ID": [f"C{i:06d}" for i in random.permutation(rows)]})
    whole["joined"] = (pd.Timestamp("2019-01-01") + pd.to_timedelta(random.integers(0, 1500, rows), unit="D")).strftime(
        "%d/%m/%Y"
    )
    whole["plan"] = random.choice(["basic", "plus", "NA"], rows)
    whole["active"] = random.choice(["True", "False"], rows)
    whole["spent"] = [f"${value:,.2f}" for value in random.lognormal(6, 1, rows)]
    whole["churned"] = np.where(random.random(rows) < 0.25, "Yes", "No")
    return divided(whole, "churned")


def _prices() -> Tables:
    """The target itself is written as people write prices, and stands first."""
    random = rng(2)
    rows = 900
    size = random.integers(30, 250, rows)
    price = np.round(size * 2_000 * random.lognormal(0, 0.5, rows), -2)
    whole = pd.DataFrame({"asking_price": [f"${value:,.0f}" for value in price], "size": size})
    whole["district"] = random.choice(["Ost", "West", "Mitte", "?"], rows)
    whole["rooms"] = np.where(random.random(rows) < 0.1, "", (size // 30).astype(str))
    whole["remarks"] = [
        f"bright flat number {i}, {random.choice(['garden', 'balcony', 'cellar'])} included, call soon"
        for i in range(rows)
    ]
    return divided(whole, "asking_price")


def _semicolons() -> Tables:
    random = rng(3)
    rows = 500
    whole = pd.DataFrame({"nr": random.permutation(rows) + 1})
    whole["feuchte"] = [f"{value:.2f}".replace(".", ",") for value in random.normal(50, 10, rows)]
    whole["zone"] = random.choice(["Nord", "Süd"], rows)
    whole["temperatur"] = [f"{value:.1f}".replace(".", ",") for value in random.normal(10, 8, rows)]
    return divided(whole, "temperatur")


def _rare() -> Tables:
    random = rng(5)
    rows = 4_000
    whole = pd.DataFrame(random.normal(size=(rows, 6)).round(3), columns=list("abcdef"))
    whole["fraud"] = (whole["a"] + random.normal(size=rows) > 3.2).astype(int)
    return divided(whole, "fraud")


def _sales() -> Tables:
    """Shops by day, the last month to be predicted."""
    random = rng(6)
    days = pd.date_range("2022-01-01", periods=210)
    whole = pd.DataFrame([(f"shop {s}", day) for day in days for s in range(12)], columns=["shop", "day"])
    whole["promotion"] = random.integers(0, 2, len(whole))
    whole["sold"] = random.poisson(20 + 10 * whole["promotion"])
    late = whole["day"] >= days[180]
    whole["day"] = whole["day"].dt.strftime("%Y-%m-%d")
    return whole[~late], whole[late].drop(columns="sold")


def _panel() -> Tables:
    """Patients seen several times, each at dates of their own; their last visits are to be predicted."""
    random = rng(7)
    rows = []
    for patient in range(150):
        start = int(random.integers(0, 900))
        level = random.normal(50, 10)
        for visit in range(10):
            rows.append((f"P{patient:04d}", start + 30 * visit, visit >= 8, round(level + random.normal(0, 3), 1)))
    whole = pd.DataFrame(rows, columns=["patient", "day", "late", "pressure"])
    late = whole.pop("late")
    return whole[~late], whole[late].drop(columns="pressure")


def _patients() -> Tables:
    """Test patients are new."""
    random = rng(8)
    patient = np.repeat(np.arange(200), 6)
    whole = pd.DataFrame({"patient_id": patient + 1000, "dose": random.integers(1, 9, 1200)})
    whole["weight"] = np.round(random.normal(70, 12, 200)[patient] + random.normal(0, 1, 1200), 1)
    whole["response"] = np.round(whole["weight"] / 10 + random.normal(0, 2, 1200), 2)
    order = rng(9).permutation(200)
    new = np.isin(patient, order[:50])
    return whole[~new], whole[new].drop(columns="response")


def _reviews() -> Tables:
    random = rng(10)
    words = np.array(["good", "bad", "quick", "late", "broken", "lovely", "cheap", "never", "again", "box"])
    text = [" ".join(random.choice(words, 12)) for _ in range(600)]
    whole = pd.DataFrame({"review": text, "stars": random.integers(1, 6, 600)})
    return divided(whole, "stars")


def _genres() -> Tables:
    random = rng(11)
    whole = pd.DataFrame(random.normal(size=(700, 5)).round(3), columns=[f"x{i}" for i in range(5)])
    whole.insert(0, "film", [f"{value:08x}" for value in random.permutation(2**31 - 1 - np.arange(700) * 7919)])
    for at, genre in enumerate(["comedy", "drama", "horror"]):
        whole[genre] = (whole[f"x{at}"] + random.normal(size=700) > 0.8).astype(int)
    return divided(whole, ["comedy", "drama", "horror"])


def _places() -> Tables:
    random = rng(12)
    whole = pd.DataFrame(random.normal(size=(400, 4)).round(3), columns=list("abcd"))
    whole["lat"], whole["lon"] = random.uniform(-60, 60, 400).round(4), random.uniform(-170, 170, 400).round(4)
    return divided(whole, ["lat", "lon"])


SHAPES = (
    Shape(
        "churn, yes and no",
        _churn,
        "churned",
        "auc",
        "binary",
        {"joined": "date", "spent": "number", "active": "boolean", "plan": "category"},
        "Customer ID",
        classes=("No", "Yes"),
    ),
    Shape(
        "seven words (statsmodels anes96)",
        _anes,
        "PID",
        "accuracy",
        "multiclass",
        {"income": "integer", "age": "integer"},
    ),
    Shape(
        "grades 1 to 5 (statsmodels fair)",
        _fair,
        "rate_marriage",
        "qwk",
        "ordinal",
        {"religious": "integer"},
        classes=("1.0", "2.0", "3.0", "4.0", "5.0"),
    ),
    Shape(
        "counts (statsmodels randhie)", _randhie, "mdvis", "rmsle", "count", {"lncoins": "number", "disea": "number"}
    ),
    Shape(
        "prices with signs, target first",
        _prices,
        "asking_price",
        "rmsle",
        "regression",
        {"district": "category", "rooms": "integer", "remarks": "text"},
    ),
    Shape(
        "penguins, missing marks (scikit-learn)",
        _penguins,
        "species",
        "logloss",
        "multiclass",
        {"sex": "category", "island": "category"},
        sorted_rows=True,
    ),
    Shape(
        "ids as text (scikit-learn breast cancer)",
        _cancer,
        "diagnosis",
        "auc",
        "binary",
        {"mean area": "number"},
        "sample",
        classes=("benign", "malignant"),
    ),
    Shape(
        "no id (scikit-learn diabetes)", _diabetes, "target", "mae", "regression", {"age": "integer", "bmi": "number"}
    ),
    Shape(
        "625 columns, 150 rows (scikit-image faces)",
        _faces,
        "face",
        "accuracy",
        "binary",
        {"p0": "number"},
        regimes=("tiny", "wide"),
    ),
    Shape(
        "semicolons and decimal commas",
        _semicolons,
        "temperatur",
        "rmse",
        "regression",
        {"feuchte": "number", "zone": "category"},
        "nr",
        separator=";",
    ),
    Shape("one in a hundred", _rare, "fraud", "auc", "binary", {"a": "number"}, regimes=("imbalanced",)),
    Shape(
        "shops by day, the future asked",
        _sales,
        "sold",
        "rmse",
        "regression",
        {"day": "date", "shop": "category"},
        relation="time",
    ),
    Shape(
        "visits of patients, the last ones asked",
        _panel,
        "pressure",
        "mae",
        "regression",
        {"day": "integer"},
        relation="group+time",
    ),
    Shape(
        "new patients asked",
        _patients,
        "response",
        "rmse",
        "regression",
        {"dose": "integer"},
        relation="group",
        regimes=("grouped",),
    ),
    Shape("free text and stars", _reviews, "stars", "qwk", "ordinal", {"review": "text"}),
    Shape(
        "three labels at once", _genres, ["comedy", "drama", "horror"], "auc", "multilabel", {"x0": "number"}, "film"
    ),
    Shape("two numbers at once", _places, ["lat", "lon"], "haversine", "multi-regression", {"a": "number"}),
)
