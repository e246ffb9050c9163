"""The root has its own function."""

from sklearn.metrics import root_mean_squared_error

assert abs(root_mean_squared_error([1.0, 2.0], [1.0, 3.0]) - 0.5**0.5) < 1e-12
