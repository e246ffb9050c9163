#: kind dense
#: imports
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
#: features
spellings = TfidfVectorizer(
    analyzer="char_wb", ngram_range=(2, 4), min_df=3, max_features=30_000, sublinear_tf=True
).fit_transform(texts)
spelling_topics = TruncatedSVD(
    min(__topics__, spellings.shape[1] - 1), n_iter=3, random_state=SEED
).fit_transform(spellings)
#: part
spelling_topics
