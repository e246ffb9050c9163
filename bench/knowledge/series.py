"""Forecasts of many short series by the composer's own template: MASE of fertility, eight years ahead, three seeds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from automlgen_runtime.practice import fertility
from automlgen_runtime.practice.forms import private_score
from lightgbm import LGBMRegressor

TEMPLATE = Path(__file__).parents[2] / "src" / "authors" / "composer" / "templates" / "model" / "series_rest.py.tpl"


def continued_series() -> type:
    """The class of the template, as programs have it."""
    imports, rest = TEMPLATE.read_text("utf-8").removeprefix("#: imports\n").split("#: functions\n")
    found: dict[str, type] = {"np": np, "pd": pd}  # type: ignore[dict-item]
    exec((imports + rest.split("#: model\n")[0]).replace("__seed__", "42"), found)
    return found["ContinuedSeries"]


def main() -> None:
    for seed in (1, 2, 5):
        division = fertility.divide(fertility.take(), seed)
        codes = pd.Index(sorted(division.train["country"].unique()))
        known, asked = (
            np.column_stack([part["year"].astype(float), codes.get_indexer(part["country"])])
            for part in (division.train, division.test)
        )
        booster = LGBMRegressor(n_estimators=200, learning_rate=0.05, num_leaves=15, verbose=-1, random_state=42)
        model = continued_series()(booster, fading=0.9, lags=12).fit(known, division.train["rate"].astype(float))
        last = fertility.wide_table(division.train).iloc[:, -1]
        answers = {
            "last value": division.test["country"].map(last),
            "fading trend": fertility.damped_trend(division)["rate"],
            "boosting on the rest": model.predict(asked),
        }
        for name, values in answers.items():
            answer = pd.DataFrame({"id": division.test["id"], "rate": values})
            score = private_score(fertility.COMPETITION, division, answer)
            print(f"seed {seed}  {name:22s} MASE {score:.3f}", flush=True)


if __name__ == "__main__":
    main()
