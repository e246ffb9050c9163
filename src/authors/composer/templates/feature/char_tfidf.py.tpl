#: kind sparse
#: imports
from sklearn.feature_extraction.text import TfidfVectorizer
#: features
characters = TfidfVectorizer(
    analyzer="char_wb",
    lowercase=__lowercase__,
    ngram_range=(2, __longest__),
    min_df=__min_df__,
    max_features=__max_features__,
    sublinear_tf=True,
    dtype=np.float32,
).fit_transform(texts)
#: part
characters
