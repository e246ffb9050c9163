#: kind frame
#: imports
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
#: features
#: if texts
# Words and parts of words of the text columns, as a few directions in which the texts differ.
#: if many_texts
texts = pd.concat([train, test])[TEXT].fillna("").astype(str).agg(" ".join, axis=1)
#: else
texts = pd.concat([train, test])[TEXT].fillna("").astype(str)
#: end
vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=2, max_features=20_000, sublinear_tf=True)
weights = vectorizer.fit_transform(texts.replace("", "empty"))
topics = TruncatedSVD(min(__topics__, *weights.shape), n_iter=3, random_state=SEED)
themes = pd.DataFrame(topics.fit_transform(weights)).add_prefix("theme ")
themes["characters"], themes["words"] = texts.str.len().to_numpy(), texts.str.count(" ").to_numpy()
#: end
#: part
#: if texts
themes
#: end
