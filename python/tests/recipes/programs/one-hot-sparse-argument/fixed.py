"""`sparse_output`."""

from sklearn.preprocessing import OneHotEncoder

assert OneHotEncoder(sparse_output=False).fit_transform([["a"], ["b"]]).shape == (2, 2)
