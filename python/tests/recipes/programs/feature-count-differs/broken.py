"""The vectoriser is fitted a second time on the test."""

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

texts, labels = ["good film", "bad film", "good plot", "bad plot"], [1, 0, 1, 0]
model = LogisticRegression().fit(TfidfVectorizer().fit_transform(texts), labels)
model.predict(TfidfVectorizer().fit_transform(["a good and long film with a plot"]))
