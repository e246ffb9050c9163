#: kind dense
#: imports
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
#: features
weights = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True).fit_transform(texts)
topics = TruncatedSVD(__topics__, n_iter=3, random_state=SEED).fit_transform(weights)
#: part
topics
