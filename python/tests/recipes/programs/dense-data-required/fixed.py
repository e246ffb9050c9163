"""Few dense components instead of a huge dense matrix."""

from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline

texts = ["good film", "bad film", "long plot", "short plot"] * 10
components = TruncatedSVD(n_components=3, random_state=0)
model = make_pipeline(TfidfVectorizer(), components, HistGradientBoostingClassifier(max_iter=5))
assert len(model.fit(texts, [1, 0, 1, 0] * 10).predict(texts)) == 40
