#: imports
from lightgbm import LGBMRegressor
from sklearn.base import BaseEstimator, RegressorMixin
#: functions
class ContinuedSeries(RegressorMixin, BaseEstimator):
    """Continues each series by its last change, fading, and learns from all series what that misses."""

    def __init__(self, model, fading, lags):
        self.model, self.fading, self.lags = model, fading, lags

    def fit(self, X, y):
        self.X_, self.y_ = np.asarray(X, float), np.asarray(y, float)
        return self

    def predict(self, X):
        X = np.asarray(X, float)
        # Some rows may ask what is known already; the last of them lie after everything.
        first, last, latest = self.X_.min(axis=0), self.X_.max(axis=0), X.max(axis=0)
        later = [j for j in range(X.shape[1]) if latest[j] > last[j] > first[j] < X[:, j].min()]
        time = max(later, key=lambda j: (X[:, j] > last[j]).mean(), default=None)
        series = None if time is None else self.series(X, time)
        if series is None:
            return self.model.fit(self.X_, self.y_).predict(X)
        known = pd.DataFrame({"series": self.X_[:, series], "time": self.X_[:, time], "y": self.y_})
        wide = known.pivot_table(index="series", columns="time", values="y").ffill(axis=1).bfill(axis=1)
        moments = np.unique(X[X[:, time] > last[time], time])
        step = np.where(X[:, time] > last[time], np.searchsorted(moments, X[:, time]) + 1, 0)
        row = wide.index.get_indexer(X[:, series])
        y, ahead = wide.to_numpy(), len(moments)
        lags = max(1, min(self.lags, (y.shape[1] - ahead) // 2 - 1))
        origins = range(lags + 1, y.shape[1] - ahead + 1)
        if len(origins) < 1:
            level, change, _ = self.state(y, lags)
            return level[row] + change[row] * self.fade(step)
        everybody, steps = np.repeat(np.arange(len(y)), ahead), np.tile(np.arange(1, ahead + 1), len(y))
        learn = [(t, *self.examples(y[:, :t], everybody, steps, lags)) for t in origins]
        rows = np.vstack([known for _, known, _, _ in learn])
        target = np.concatenate([(y[:, t : t + ahead].ravel() - start) / unit for t, _, start, unit in learn])
        some = np.random.default_rng(__seed__).permutation(len(rows))[:100_000]
        self.model.fit(rows[some], target[some])
        asked, start, unit = self.examples(y, row, step, lags)
        return start + unit * self.model.predict(asked)

    def series(self, X, time):
        """The column that names the series: every value is known, and has one row at a time."""
        columns = [j for j in range(X.shape[1]) if j != time and np.isin(X[:, j], self.X_[:, j]).all()]
        single = [j for j in columns if len(np.unique(self.X_[:, [j, time]], axis=0)) == len(self.X_)]
        return max(single, key=lambda j: -len(np.unique(self.X_[:, j])), default=None)

    def fade(self, step):
        return self.fading * (1 - self.fading**step) / (1 - self.fading)

    def state(self, y, lags):
        changes = np.diff(y, axis=1)
        unit = np.abs(changes).mean(axis=1) + 1e-6 * (1 + np.abs(y).mean())
        return y[:, -1], changes[:, -1], unit

    def examples(self, y, row, step, lags):
        """What is known at the end of `y`: the last changes in units of the series' own, its level, the steps ahead."""
        level, change, unit = self.state(y, lags)
        recent = np.diff(y[:, -lags - 1 :], axis=1) / unit[:, None]
        known = np.column_stack([recent, np.diff(recent[:, -4:], axis=1), level, unit])
        start = level[row] + change[row] * self.fade(step)
        return np.column_stack([known[row], step]), start, unit[row]
#: model
ContinuedSeries(
    LGBMRegressor(
        n_estimators=__n_estimators__,
        learning_rate=__learning_rate__,
        num_leaves=__num_leaves__,
        min_child_samples=20,
        random_state=__seed__,
        n_jobs=__cpus__,
        verbose=-1,
    ),
    fading=__fading__,
    lags=__lags__,
)
