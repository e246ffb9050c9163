"""The argument `sparse` was renamed."""

from sklearn.preprocessing import OneHotEncoder

OneHotEncoder(sparse=False).fit([["a"], ["b"]])
