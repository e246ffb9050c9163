"""Hidden rows and real test rows look alike: a classifier that is told which is which learns nothing from the form."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from automlgen_runtime.prepare import prepare
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from trust_shapes import SHAPES

#: Where test rows differ from train rows by nature (another time), hidden rows cannot be disguised.
ALIKE = [name for name in SHAPES if name != "time"]


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def marks(table: pd.DataFrame) -> np.ndarray:
    """Everything about a row but its meaning: place, id, and how each cell is written."""
    number = pd.to_numeric(table["id"].str.replace(r"\D", "", regex=True))
    columns = [np.arange(len(table)), number, number % 2, number % 10, number.diff().fillna(0), table["id"].str.len()]
    for name in table.columns.drop("id"):
        cells = table[name]
        columns += [cells.str.len(), cells.str.partition(".")[2].str.len(), cells == "", cells.duplicated(keep=False)]
        columns.append(pd.to_numeric(cells, errors="coerce").fillna(-1))
    return np.column_stack([np.asarray(column, dtype=float) for column in columns])


def told_apart(features: np.ndarray, hidden: np.ndarray) -> tuple[float, float]:
    """(AUC of cross-validated guesses, its standard error where there is nothing to learn)."""
    model = ExtraTreesClassifier(80, min_samples_leaf=4, max_features=None, random_state=0)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    guess = cross_val_predict(model, features, hidden, cv=folds, method="predict_proba")[:, 1]
    ranks = pd.Series(guess).rank().to_numpy()
    ones, zeros = int(hidden.sum()), int((~hidden).sum())
    area = (ranks[hidden].sum() - ones * (ones + 1) / 2) / (ones * zeros)
    return area, float(np.sqrt((len(hidden) + 1) / (12 * ones * zeros)))


@pytest.mark.parametrize("mode", ["holdout", "folds"])
@pytest.mark.parametrize("shape", ALIKE)
def test_nothing_tells_hidden_rows_from_test_rows(tmp_path, shape, mode):
    source = SHAPES[shape](tmp_path / "task", 4)
    request = {"source": source, "splitSeed": 4, "mode": mode, "cheapPrograms": True, "folder": str(tmp_path / "made")}
    view = Path(prepare(request)["views"]["main" if mode == "holdout" else "fold2"])
    asked, own = read(view / "test.csv"), read(tmp_path / "made" / "hidden" / "test_ids.csv")
    hidden = ~asked["id"].isin(set(own["row_id"])).to_numpy()
    assert 40 < hidden.sum() < len(asked) - 40
    area, error = told_apart(marks(asked), hidden)
    assert abs(area - 0.5) < 3.5 * error
    assert list(read(view / "sample_submission.csv")["id"]) == list(asked["id"])


def test_the_classifier_would_have_noticed(tmp_path):
    """The same classifier on the task's own ids, which run on from train to test, tells nearly all rows apart."""
    source = SHAPES["binary, running ids"](tmp_path / "task", 4)
    train, test = (read(tmp_path / "task" / name) for name in ("train.csv", "test.csv"))
    rows = pd.concat([train.sample(90, random_state=0).drop(columns="y"), test]).sample(frac=1, random_state=1)
    hidden = rows["id"].isin(set(train["id"])).to_numpy()
    assert told_apart(marks(rows.reset_index(drop=True)), hidden)[0] > 0.95
    assert source["task"]["metric"] == "auc"
