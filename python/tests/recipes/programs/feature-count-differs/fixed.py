"""One pipeline: fitted once, and only transforming afterwards."""

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

texts, labels = ["good film", "bad film", "good plot", "bad plot"], [1, 0, 1, 0]
model = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(texts, labels)
assert model.predict(["a good and long film with a plot"]).tolist() == [1]
