#: kind sparse
#: imports
from sklearn.feature_extraction.text import TfidfVectorizer
#: features
# Case and punctuation are habits of the writer: keep both.
tokens = TfidfVectorizer(
    lowercase=False,
    token_pattern=r"\w+|[^\w\s]",
    ngram_range=(1, __ngrams__),
    min_df=__min_df__,
    sublinear_tf=True,
).fit_transform(texts)
#: part
tokens
