"""Hand-written programs for p03: visits as they are, their logarithm, and counts as statisticians count."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.linear_model import GammaRegressor, LogisticRegression, PoissonRegressor
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.preprocessing import SplineTransformer

from automlgen_runtime.practice.baselines_models import Entries, Program, answer, numbers, regressors, scaled
from automlgen_runtime.practice.clinic import PERSON, TARGET
from automlgen_runtime.practice.competition import Division


def clinic_baselines() -> Entries:
    """Name -> (how it was made, program)."""
    found: Entries = {
        "nobody goes": ("0", lambda d: answer(d, TARGET, np.zeros(len(d.test)))),
        "mean": ("one number", _number(lambda visits: visits.mean())),
        "median": ("one number", _number(lambda visits: visits.median())),
        "mean of logarithms": ("one number", _number(lambda visits: np.expm1(np.log1p(visits).mean()))),
        "mean by plan": ("logarithms", _cells(["plan"])),
        "mean by site and sex": ("logarithms", _cells(["site", "female"])),
        "mean by health and sex": ("logarithms", _cells(["hlthg", "hlthf", "hlthp", "female"])),
        "mean by share to pay and race": ("logarithms", _cells(["coins", "black"])),
    }
    for name, how, model in regressors():
        if name != "support vectors":
            found[name] = (f"{how}; on the logarithm", _program(model))
    by_name = {name: model for name, _, model in regressors()}
    for name in ("ridge 1", "forest, soft", "lightgbm", "xgboost, shallow", "catboost"):
        found[f"{name}, plain"] = ("on the visits as they are", _program(by_name[name], logarithm=False))
    for name in ("ridge 1", "lightgbm, careful"):
        found[f"{name}, with sites"] = ("dummies of plan and site", _program(by_name[name], dummies=True))
    found["spline ridge"] = ("5 knots", _program(scaled(_spline(by_name["ridge 100"]))))
    found["poisson"] = ("a log-linear rate", _program(scaled(PoissonRegressor(max_iter=500)), logarithm=False))
    found["two parts"] = ("whether at all, then how often", _two_parts)
    found["careful lightgbm, stretched"] = ("spread of the logarithm by folds of persons", _stretched)
    found["mean of three"] = ("ridge, forest and boosting", _mean([by_name[n] for n in _THREE]))
    return found


_THREE = ("ridge 100", "forest, soft", "lightgbm, careful")


def _number(rule: Any) -> Program:
    return lambda division: answer(
        division, TARGET, np.full(len(division.test), float(rule(division.train[TARGET].astype(float))))
    )


def _cells(columns: list[str]) -> Program:
    def run(division: Division) -> pd.DataFrame:
        logs = _logarithms(division)
        means = logs.groupby([division.train[name] for name in columns]).mean().rename("mean").reset_index()
        found = division.test[columns].merge(means, on=columns, how="left")["mean"]
        return answer(division, TARGET, np.expm1(found.fillna(logs.mean())))

    return run


def _program(model: Any, logarithm: bool = True, dummies: bool = False) -> Program:
    def run(division: Division) -> pd.DataFrame:
        train, test = _features(division, dummies)
        visits = division.train[TARGET].astype(float)
        fitted = model.fit(train, np.log1p(visits) if logarithm else visits)
        values = np.ravel(fitted.predict(test))
        return answer(division, TARGET, np.maximum(np.expm1(values) if logarithm else values, 0))

    return run


def _mean(models: list[Any]) -> Program:
    def run(division: Division) -> pd.DataFrame:
        train, test = _features(division)
        values = [np.ravel(model.fit(train, _logarithms(division)).predict(test)) for model in models]
        return answer(division, TARGET, np.maximum(np.expm1(np.mean(values, axis=0)), 0))

    return run


def _two_parts(division: Division) -> pd.DataFrame:
    """The share of people who go at all, and the mean logarithm of those who go."""
    train, test = _features(division)
    visits = division.train[TARGET].astype(float)
    some = visits > 0
    whether = scaled(LogisticRegression(max_iter=500)).fit(train, some)
    often = scaled(GammaRegressor(max_iter=500)).fit(train[some], np.log1p(visits[some]))
    return answer(division, TARGET, np.expm1(whether.predict_proba(test)[:, 1] * often.predict(test)))


def _stretched(division: Division) -> pd.DataFrame:
    """Corrects slope and level of the predicted logarithm by what folds of whole persons say."""
    model = {name: model for name, _, model in regressors()}["lightgbm, careful"]
    train, test = _features(division)
    logs = _logarithms(division)
    folds = cross_val_predict(model, train, logs, groups=division.train[PERSON], cv=GroupKFold(3))
    slope, level = np.polyfit(folds, logs, 1)
    values = model.fit(train, logs).predict(test) * slope + level
    return answer(division, TARGET, np.maximum(np.expm1(values), 0))


def _spline(ridge: Any) -> Any:
    from sklearn.pipeline import make_pipeline

    return make_pipeline(SplineTransformer(5), ridge)


def _logarithms(division: Division) -> pd.Series:
    return np.log1p(division.train[TARGET].astype(float))


def _features(division: Division, dummies: bool = False) -> tuple[pd.DataFrame, pd.DataFrame]:
    train, test = numbers(division.train, division.test, "id", PERSON, TARGET)
    if not dummies:
        return train, test
    wide = [pd.get_dummies(part, columns=["plan", "site"], dtype=float) for part in (train, test)]
    return wide[0], wide[1].reindex(columns=wide[0].columns, fill_value=0.0)
