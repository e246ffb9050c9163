"""A sparse matrix reaches a dense-only estimator."""

from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer

texts = ["good film", "bad film"] * 20
HistGradientBoostingClassifier().fit(TfidfVectorizer().fit_transform(texts), [1, 0] * 20)
