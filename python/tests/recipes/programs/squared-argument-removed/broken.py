"""The argument `squared` left scikit-learn with 1.6."""

from sklearn.metrics import mean_squared_error

print(mean_squared_error([1.0, 2.0], [1.0, 3.0], squared=False))
