#: kind dense
#: imports
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
#: features
vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True)
weights = vectorizer.fit_transform(texts)
width = min(__topics__, weights.shape[1] - 1)
topics = TruncatedSVD(width, n_iter=3, random_state=SEED).fit_transform(weights)
#: part
topics
