"""Hand-written programs for p10: forecasts of one series at a time, and one model that learns from all countries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.linear_model import LinearRegression
from sklearn.neighbors import KNeighborsRegressor

from automlgen_runtime.practice.baselines_models import Entries, Program, regressors, scaled
from automlgen_runtime.practice.competition import Division
from automlgen_runtime.practice.fertility import AHEAD, GROUP, TARGET, TIME, wide_table

Forecast = Callable[[np.ndarray], np.ndarray]
"""Series by rows -> their next eight values."""
STEPS = np.arange(1, AHEAD + 1)
LAGS = 12
"""Years before the forecast that a learnt model sees."""


def series_baselines() -> Entries:
    """Name -> (how it was made, program)."""
    found: Entries = {
        "last value": ("what was stays", _each(lambda y: _level(y) + 0 * STEPS)),
        "mean": ("of the whole history", _each(lambda y: y.mean(1, keepdims=True) + 0 * STEPS)),
        "mean of ten": ("of the last ten years", _each(lambda y: y[:, -10:].mean(1, keepdims=True) + 0 * STEPS)),
        "drift": ("mean change of the whole history", _each(lambda y: _level(y) + _slope(y, y.shape[1] - 1) * STEPS)),
        "line of five": ("least squares", _each(lambda y: _line(y, 5))),
        "line of ten": ("least squares", _each(lambda y: _line(y, 10))),
        "line of thirty": ("least squares", _each(lambda y: _line(y, 30))),
        "parabola of ten": ("least squares, second degree", _each(lambda y: _line(y, 10, 2))),
        "logarithmic drift": ("the last change as a share", _each(_shrinking)),
        "smoothed": ("Holt, fixed weights 0.9 and 0.3", _each(lambda y: _holt(y, 0.9, 0.3, 1.0))),
        "smoothed and damped": ("Holt, 0.9, 0.6 and 0.93", _each(lambda y: _holt(y, 0.9, 0.6, 0.93))),
        "level of two": ("last change drawn to that of all countries", _each(_pooled)),
        "damping found": ("one damping for all, found on the years before", _each(_found_damping)),
        "damping by country": ("each country's own, found on the years before", _each(_own_damping)),
        "to the level of replacement": ("half way to 2.1 in thirty years", _each(_towards)),
    }
    for years in (1, 2, 3, 5, 8):
        for damping in (0.85, 0.95, 1.0):
            name = f"change of {years}, {'not damped' if damping == 1 else f'damped {damping:g}'}"
            found[name] = ("trend goes on", _each(lambda y, k=years, f=damping: _level(y) + _slope(y, k) * _damped(f)))
    for name, how, model in [*regressors(), *_neighbours(), ("least squares", "plain", LinearRegression())]:
        if name in _LEARNT:
            found[f"changes, {name}"] = (f"{how}; all countries, all origins", _learnt(model, residual=False))
            found[f"rest, {name}"] = (f"{how}; what the damped trend misses", _learnt(model, residual=True))
    found["mean of two"] = ("damped trend and boosting", _mean_of_two)
    return found


_LEARNT = ("ridge 1", "ridge 100", "least squares", "extra trees", "lightgbm", "lightgbm, slow", "like countries")


def _each(forecast: Forecast) -> Program:
    def run(division: Division) -> pd.DataFrame:
        wide = wide_table(division.train)
        return _filled(division, wide, forecast(wide.to_numpy()))

    return run


def _filled(division: Division, wide: pd.DataFrame, values: np.ndarray) -> pd.DataFrame:
    row = pd.Series(range(len(wide)), index=wide.index)[division.test[GROUP]].to_numpy()
    step = division.test[TIME].astype(int).to_numpy() - int(wide.columns.max()) - 1
    return pd.DataFrame({"id": division.test["id"], TARGET: values[row, step].clip(0.5, 9)})


def _level(y: np.ndarray) -> np.ndarray:
    return y[:, -1:]


def _slope(y: np.ndarray, years: int) -> np.ndarray:
    return (y[:, -1:] - y[:, -1 - years : y.shape[1] - years]) / years


def _damped(factor: float) -> np.ndarray:
    return np.cumsum(factor**STEPS)


def _line(y: np.ndarray, years: int, degree: int = 1) -> np.ndarray:
    at = np.arange(-years + 1, 1)
    found = np.polyfit(at, y[:, -years:].T, degree)
    return sum(c[:, None] * STEPS ** (degree - i) for i, c in enumerate(found))


def _shrinking(y: np.ndarray) -> np.ndarray:
    return _level(y) * np.exp(np.log(y[:, -1:] / y[:, -2:-1]) * _damped(0.95))


def _holt(y: np.ndarray, level_weight: float, trend_weight: float, damping: float) -> np.ndarray:
    level, trend = y[:, 0], y[:, 1] - y[:, 0]
    for now in y[:, 1:].T:
        before = level
        level = level_weight * now + (1 - level_weight) * (level + damping * trend)
        trend = trend_weight * (level - before) + (1 - trend_weight) * damping * trend
    return level[:, None] + trend[:, None] * _damped(damping)


def _pooled(y: np.ndarray) -> np.ndarray:
    own = _slope(y, 2)
    return _level(y) + (0.8 * own + 0.2 * own.mean()) * _damped(0.95)


def _found_damping(y: np.ndarray) -> np.ndarray:
    past, due = y[:, :-AHEAD], y[:, -AHEAD:]
    tried = {f: np.abs(_level(past) + _slope(past, 1) * _damped(f) - due).mean() for f in np.arange(0.6, 1.01, 0.02)}
    return _level(y) + _slope(y, 1) * _damped(min(tried, key=lambda f: tried[f]))


def _own_damping(y: np.ndarray) -> np.ndarray:
    past, due = y[:, :-AHEAD], y[:, -AHEAD:]
    factors = np.arange(0.6, 1.01, 0.05)
    errors = [np.abs(_level(past) + _slope(past, 1) * _damped(f) - due).mean(axis=1) for f in factors]
    best = factors[np.argmin(errors, axis=0)][:, None]
    return _level(y) + _slope(y, 1) * np.cumsum(best**STEPS, axis=1)


def _towards(y: np.ndarray) -> np.ndarray:
    return 2.1 + (_level(y) - 2.1) * 0.5 ** (STEPS / 30)


def _neighbours() -> list[tuple[str, str, Any]]:
    return [("like countries", "15 nearest pasts", scaled(KNeighborsRegressor(15, weights="distance")))]


def _learnt(model: Any, residual: bool) -> Program:
    """A model for each step ahead, taught by every origin of every country, in units of the country's changes."""

    def forecast(y: np.ndarray) -> np.ndarray:
        origins = range(LAGS + 1, y.shape[1] - AHEAD + 1, 2)
        rows = np.vstack([_described(y[:, :t]) for t in origins])
        unit = np.vstack([_unit(y[:, :t]) for t in origins])
        start = np.vstack([_start(y[:, :t], residual) for t in origins])
        due = (np.vstack([y[:, t : t + AHEAD] for t in origins]) - start) / unit
        asked, values = _described(y), np.zeros((len(y), AHEAD))
        for step in range(AHEAD):
            values[:, step] = np.ravel(clone(model).fit(rows, due[:, step]).predict(asked))
        return _start(y, residual) + values * _unit(y)

    return _each(forecast)


def _start(y: np.ndarray, residual: bool) -> np.ndarray:
    return _level(y) + (_slope(y, 1) * _damped(0.9) if residual else 0 * STEPS)


def _unit(y: np.ndarray) -> np.ndarray:
    """Mean absolute change, by country."""
    return np.abs(np.diff(y, axis=1)).mean(axis=1, keepdims=True) + 1e-3


def _described(y: np.ndarray) -> np.ndarray:
    """The last changes in the country's own unit, its level, and how fast changes change."""
    changes = np.diff(y[:, -LAGS - 1 :], axis=1) / _unit(y)
    return np.hstack([changes, np.diff(changes[:, -4:], axis=1), _level(y), _level(y) - 2.1, _unit(y)])


def _mean_of_two(division: Division) -> pd.DataFrame:
    model = next(model for name, _, model in regressors() if name == "lightgbm, slow")
    first = _learnt(model, residual=True)(division)
    second = _each(lambda y: _level(y) + _slope(y, 1) * _damped(0.95))(division)
    return first.assign(**{TARGET: (first[TARGET] + second[TARGET]) / 2})
