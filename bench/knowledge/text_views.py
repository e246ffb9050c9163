"""What each view of a text is worth: log loss of documents by source, held-out files. Argument: the builder seed."""

from __future__ import annotations

import sys
import time
import warnings

import lightgbm as lgb
import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix, hstack
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.metrics import log_loss
from sklearn.model_selection import GroupShuffleSplit
from sklearn.naive_bayes import ComplementNB, MultinomialNB

from common import line, practice, shipped

warnings.filterwarnings("ignore", message="lbfgs failed|X does not have valid feature names")
train = pd.read_csv(practice("p06-docstrings", int(sys.argv[1]) if len(sys.argv) > 1 else 1) / "train.csv")
texts, labels = train["text"].fillna(""), train["library"].to_numpy()
fit, held = next(GroupShuffleSplit(1, test_size=0.3, random_state=0).split(train, groups=train["file"]))
CLASSES = np.unique(labels)


def tempered(shares: np.ndarray) -> np.ndarray:
    """Softened by the exponent that suits one half of the held rows best, for the other half, and the reverse."""
    out = np.zeros_like(shares)
    halves = np.arange(len(shares)) % 2
    for half in (0, 1):
        exponents = np.linspace(0.4, 2.5, 43)
        losses = [loss(power(shares[halves != half], e), held[halves != half]) for e in exponents]
        out[halves == half] = power(shares[halves == half], exponents[int(np.argmin(losses))])
    return out


def power(shares: np.ndarray, exponent: float) -> np.ndarray:
    raised = (shares + 1e-6) ** exponent
    return raised / raised.sum(axis=1, keepdims=True)


def loss(shares: np.ndarray, rows: np.ndarray = held) -> float:
    return log_loss(labels[rows], shares, labels=CLASSES)


def timed(**settings: object) -> csr_matrix:
    begun = time.process_time()
    made = TfidfVectorizer(sublinear_tf=True, **settings).fit_transform(texts)
    seconds[len(seconds)] = time.process_time() - begun
    return made


seconds: dict[int, float] = {}
words = timed(min_df=2)
pairs = timed(min_df=2, ngram_range=(1, 2))
tokens = timed(min_df=2, ngram_range=(1, 2), lowercase=False, token_pattern=r"\w+|[^\w\s]")
characters = timed(analyzer="char_wb", ngram_range=(2, 5), min_df=3, max_features=100_000, lowercase=False)
line("seconds: words, pairs, tokens, characters 2 to 5", *seconds.values(), digits=2)
surface = shipped("feature/surface_counts", "surface")(texts)


def linear(matrix: csr_matrix) -> np.ndarray:
    model = SGDClassifier(loss="log_loss", alpha=3e-5, average=True, max_iter=15, tol=None, random_state=0)
    return tempered(model.fit(matrix[fit], labels[fit]).predict_proba(matrix[held]))


views = {
    "words": words,
    "words 1 to 2": pairs,
    "tokens with case and marks 1 to 2": tokens,
    "characters 2 to 5": characters,
    "words 1 to 2 + characters": hstack([pairs, characters]).tocsr(),
    "tokens + characters": hstack([tokens, characters]).tocsr(),
    "words 1 to 2 + surface counts": hstack([pairs, csr_matrix(surface)]).tocsr(),
}
print("log loss, stochastic gradients with a cross-fitted temperature")
found = {name: linear(matrix) for name, matrix in views.items()}
for name, shares in found.items():
    line(name, loss(shares))
for strength in (1, 8):
    model = LogisticRegression(C=strength, max_iter=100).fit(words[fit], labels[fit])
    line(f"words, logistic regression, strength {strength}", loss(model.predict_proba(words[held])))
for name, bayes in (
    ("multinomial, alpha 0.07", MultinomialNB(alpha=0.07)),
    ("complement, alpha 0.2", ComplementNB(alpha=0.2)),
):
    plain = bayes.fit(pairs[fit], labels[fit]).predict_proba(pairs[held])
    found[name] = tempered(plain)
    line(f"{name}: as it is, with temperature", loss(plain), loss(found[name]))

topics = TruncatedSVD(100, random_state=0).fit_transform(pairs)
length = np.log(texts.str.len() + 1)
line("first topic against log length, correlation", np.corrcoef(topics[:, 0], length)[0, 1])


def boosted(matrix: np.ndarray) -> np.ndarray:
    model = lgb.LGBMClassifier(
        n_estimators=80,
        learning_rate=0.08,
        num_leaves=12,
        min_child_samples=20,
        colsample_bytree=0.3,
        verbose=-1,
        num_threads=1,
    )
    return model.fit(matrix[fit], labels[fit]).predict_proba(matrix[held])


print("log loss, boosting on 100 topics of words 1 to 2")
for name, matrix in {
    "surface counts alone": surface,
    "topics": topics,
    "topics and surface counts": np.hstack([topics, surface]),
}.items():
    found[name] = boosted(matrix)
    line(name, loss(found[name]))
line("class shares", loss(np.tile(pd.Series(labels[fit]).value_counts(normalize=True)[CLASSES], (len(held), 1))))
print("log loss of words 1 to 2 + characters blended with the tokens, then a third member with weight 1/3 and 0.15")
pair = (found["words 1 to 2 + characters"] + found["tokens with case and marks 1 to 2"]) / 2
line("the two", loss(pair))
for name in ("multinomial, alpha 0.07", "complement, alpha 0.2", "topics", "topics and surface counts"):
    line(f"and {name}", *(loss((1 - weight) * pair + weight * found[name]) for weight in (1 / 3, 0.15)))
