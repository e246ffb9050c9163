"""The same family from what is installed, decided before anything is read."""

from importlib.util import find_spec

from sklearn.ensemble import HistGradientBoostingRegressor

if find_spec("a_package_that_nobody_has") is None:
    model = HistGradientBoostingRegressor(max_iter=5)
assert model.fit([[0.0], [1.0]], [0.0, 1.0]) is model
