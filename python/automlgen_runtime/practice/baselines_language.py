"""Hand-written programs for p07: scripts, words and letters, and models that can bear 93 classes."""

from __future__ import annotations

import unicodedata
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.decomposition import TruncatedSVD
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.naive_bayes import BernoulliNB, ComplementNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from automlgen_runtime.practice.baselines_models import Entries, Program
from automlgen_runtime.practice.competition import Division
from automlgen_runtime.practice.ui_language import ID

TARGET = "language"


def language_baselines() -> Entries:
    """Name -> (how it was made, program)."""
    found: Entries = {name: (how, _program(reader, model)) for name, how, reader, model in _models()}
    found["script alone"] = ("the commonest language of the commonest script", _script)
    found["bayes of letters and words, mean"] = ("log-probabilities of two", _two)
    return found


def letters(low: int, high: int, **options: Any) -> TfidfVectorizer:
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(low, high), sublinear_tf=True, **options)


def counts(low: int, high: int) -> CountVectorizer:
    return CountVectorizer(analyzer="char_wb", ngram_range=(low, high))


def words(**options: Any) -> TfidfVectorizer:
    return TfidfVectorizer(token_pattern=r"\w+", **options)


def _models() -> list[tuple[str, str, Any, Any]]:
    meaning = make_pipeline(letters(1, 3, min_df=3), TruncatedSVD(120, random_state=0))
    hashed = HashingVectorizer(analyzer="char_wb", ngram_range=(1, 3), n_features=2**18, alternate_sign=False)
    found: list[tuple[str, str, Any, Any]] = [
        ("most frequent", "one class", CountVectorizer(max_features=5), DummyClassifier()),
        ("single letters, tree", "depth 30", letters(1, 1), DecisionTreeClassifier(max_depth=30, random_state=0)),
        ("single letters, bayes", "alpha 0.1", counts(1, 1), MultinomialNB(alpha=0.1)),
        ("single letters, centroids", "mean of each class", letters(1, 1), NearestCentroid()),
        ("words, bernoulli", "alpha 0.01", CountVectorizer(binary=True), BernoulliNB(alpha=0.01)),
        ("words, complement bayes", "alpha 0.3", words(), ComplementNB(alpha=0.3)),
        ("words, support vectors", "C 1", words(), LinearSVC(C=1)),
        ("words, sgd", "hinge", words(), SGDClassifier(random_state=0)),
        ("words, passive-aggressive", "10 passes", words(), _passive()),
        ("words as written, bayes", "capitals kept", words(lowercase=False), MultinomialNB(alpha=0.05)),
        ("letters, complement bayes", "1-4, alpha 0.1", letters(1, 4), ComplementNB(alpha=0.1)),
        ("letters, bernoulli", "1-3, alpha 0.003", counts(1, 3), BernoulliNB(alpha=0.003)),
        ("letters across words, bayes", "1-4", letters(1, 4).set_params(analyzer="char"), MultinomialNB(alpha=0.01)),
        ("letters as written, bayes", "1-4, capitals kept", letters(1, 4, lowercase=False), MultinomialNB(alpha=0.01)),
        ("letters, support vectors", "1-2, C 1", letters(1, 2), LinearSVC(C=1)),
        ("hashed letters, bayes", "1-3, alpha 1e-4", hashed, MultinomialNB(alpha=1e-4)),
        ("meaning, discriminant", "LSA 120", meaning, LinearDiscriminantAnalysis()),
        ("meaning, neighbours", "LSA 120, k 10", meaning, KNeighborsClassifier(10, weights="distance")),
        ("meaning, extra trees", "LSA 120, 25 trees", meaning, ExtraTreesClassifier(25, max_depth=20, random_state=0)),
        ("words and letters, bayes", "union", make_union(words(), letters(1, 4)), MultinomialNB(alpha=0.01)),
        (
            "words and letters, sharp bayes",
            "alpha 0.002",
            make_union(words(), letters(1, 4)),
            MultinomialNB(alpha=2e-3),
        ),
    ]
    found += [
        (f"words, bayes {a:g}", f"alpha {a:g}", CountVectorizer(), MultinomialNB(alpha=a)) for a in (0.01, 0.1, 10)
    ]
    found += [
        (f"letters {low}-{high}, bayes {a:g}", f"alpha {a:g}", letters(low, high), MultinomialNB(alpha=a))
        for low, high in ((1, 2), (2, 2), (1, 3), (3, 3), (1, 4))
        for a in (0.01, 0.05, 0.3)
    ]
    found += [
        (f"counts of letters 1-{high}, bayes", "alpha 0.01", counts(1, high), MultinomialNB(alpha=0.01))
        for high in (2, 3, 4)
    ]
    return found


def _passive() -> SGDClassifier:
    return SGDClassifier(penalty=None, learning_rate="pa1", eta0=1.0, max_iter=10, tol=None, random_state=0)


def _program(reader: Any, model: Any) -> Program:
    def run(division: Division) -> pd.DataFrame:
        # A copy: fitted on 93 classes a model holds hundreds of megabytes, and there are forty of them.
        fitted = clone(make_pipeline(reader, model)).fit(division.train["text"], division.train[TARGET])
        return _answer(division, fitted.predict(division.test["text"]))

    return run


def _answer(division: Division, labels: Any) -> pd.DataFrame:
    return pd.DataFrame({ID: division.test[ID], TARGET: np.asarray(labels)})


def _script(division: Division) -> pd.DataFrame:
    """Latin, Cyrillic, Greek, …: the first word of a letter's name, that of most letters of the text."""
    known, asked = (part["text"].map(_commonest_script) for part in (division.train, division.test))
    usual = division.train[TARGET].groupby(known).agg(lambda labels: labels.mode()[0])
    return _answer(division, asked.map(usual).fillna(division.train[TARGET].mode()[0]))


def _commonest_script(text: str) -> str:
    names = [unicodedata.name(letter, "").split(" ")[0] for letter in text if letter.isalpha()]
    return max(sorted(set(names)), key=names.count, default="")


def _two(division: Division) -> pd.DataFrame:
    total: Any = 0
    classes: np.ndarray = np.array([])
    for reader, alpha in ((letters(1, 4), 0.01), (CountVectorizer(token_pattern=r"\w+"), 0.05)):
        fitted = make_pipeline(reader, MultinomialNB(alpha=alpha)).fit(division.train["text"], division.train[TARGET])
        total = total + fitted.predict_log_proba(division.test["text"]).clip(-30)
        classes = fitted.classes_
    return _answer(division, classes[total.argmax(axis=1)])
