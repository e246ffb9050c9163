#: kind sparse
#: imports
from sklearn.feature_extraction.text import TfidfVectorizer
#: features
vectorizer = TfidfVectorizer(ngram_range=(1, __ngrams__), min_df=__min_df__, sublinear_tf=True)
words = vectorizer.fit_transform(texts)
#: part
words
