"""Hand-written programs for p06: words, characters, and the usual linear models on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from sklearn.calibration import CalibratedClassifierCV
from sklearn.decomposition import TruncatedSVD
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.naive_bayes import BernoulliNB, ComplementNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import LinearSVC

from automlgen_runtime.practice.competition import Division

FLOOR = 1e-3
"""No probability below: one confident mistake would cost more than the rest of the text is worth."""


def text_baselines() -> dict[str, tuple[str, Callable[[Division], pd.DataFrame]]]:
    """Name -> (how it was made, program)."""
    return {name: (how, _program(reader, model)) for name, how, reader, model in _models()}


def words(**options: Any) -> TfidfVectorizer:
    return TfidfVectorizer(sublinear_tf=True, **options)


def letters(low: int, high: int) -> TfidfVectorizer:
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(low, high), sublinear_tf=True, min_df=2, lowercase=False)


def _models() -> list[tuple[str, str, Any, Any]]:
    from lightgbm import LGBMClassifier

    cased = {"lowercase": False, "token_pattern": r"\w+|[^\w\s]"}
    surface = FunctionTransformer(_surface)
    meaning = make_pipeline(words(min_df=2), TruncatedSVD(100, random_state=0))
    found: list[tuple[str, str, Any, Any]] = [
        ("class shares", "no text", CountVectorizer(max_features=10), DummyClassifier()),
        (
            "surface, logistic",
            "lengths and marks",
            make_pipeline(surface, StandardScaler()),
            LogisticRegression(max_iter=500),
        ),
        (
            "surface, forest",
            "lengths and marks",
            surface,
            RandomForestClassifier(200, min_samples_leaf=5, random_state=0),
        ),
        ("surface, boosting", "lengths and marks", surface, LGBMClassifier(n_estimators=60, verbose=-1, n_jobs=1)),
        ("first words", "counts of 200 words", CountVectorizer(max_features=200), LogisticRegression(max_iter=500)),
        ("counts, logistic", "C 0.1", CountVectorizer(), LogisticRegression(C=0.1, max_iter=300)),
        ("no stop words", "English list", words(stop_words="english"), LogisticRegression(max_iter=200)),
        ("bernoulli", "alpha 0.05", CountVectorizer(binary=True, min_df=2), BernoulliNB(alpha=0.05)),
        ("complement bayes", "alpha 0.3", words(), ComplementNB(alpha=0.3)),
        ("letters, bayes", "2-5, alpha 0.05", letters(2, 5), MultinomialNB(alpha=0.05)),
        ("letters, sgd", "2-5, alpha 3e-5", letters(2, 5), _sgd(3e-5)),
        ("letters of three, sgd", "3-3, alpha 3e-5", letters(3, 3), _sgd(3e-5)),
        ("pairs, sgd", "1-2, alpha 3e-5", words(ngram_range=(1, 2), min_df=2), _sgd(3e-5)),
        ("cased pairs, sgd", "marks as tokens", words(ngram_range=(1, 2), min_df=2, **cased), _sgd(3e-5)),
        ("cased pairs, bayes", "alpha 0.05", words(ngram_range=(1, 2), **cased), MultinomialNB(alpha=0.05)),
        ("words and letters, sgd", "union", make_union(words(ngram_range=(1, 2), **cased), letters(2, 5)), _sgd(3e-5)),
        ("meaning, logistic", "LSA 100", meaning, LogisticRegression(C=10, max_iter=500)),
        ("meaning, neighbours", "LSA 100, k 30", meaning, KNeighborsClassifier(30, weights="distance")),
        ("meaning, extra trees", "LSA 100", meaning, ExtraTreesClassifier(200, min_samples_leaf=2, random_state=0)),
        ("meaning, boosting", "LSA 100", meaning, LGBMClassifier(n_estimators=60, num_leaves=15, verbose=-1, n_jobs=1)),
        ("support vectors", "calibrated on 3 folds", words(min_df=2), CalibratedClassifierCV(LinearSVC(C=0.3), cv=3)),
        (
            "forest of words",
            "1000 words",
            words(max_features=1000),
            RandomForestClassifier(150, min_samples_leaf=2, random_state=0),
        ),
    ]
    found += [
        (f"words, logistic {c:g}", f"C {c:g}", words(), LogisticRegression(C=c, max_iter=300)) for c in (0.3, 3, 10)
    ]
    found += [(f"words, bayes {a:g}", f"alpha {a:g}", words(), MultinomialNB(alpha=a)) for a in (0.01, 0.1, 0.5, 1)]
    found += [(f"words, sgd {a:g}", f"alpha {a:g}", words(), _sgd(a)) for a in (3e-4, 1e-4, 1e-5)]
    found += [(f"{k} neighbours", "cosine", words(), KNeighborsClassifier(k, metric="cosine")) for k in (10, 50)]
    for name, reader in _readers().items():
        found.append((f"{name}, soft sgd", f"{name}; alpha 1e-4", reader, _sgd(1e-4)))
        found.append((f"{name}, sharp sgd", f"{name}; alpha 2e-5", reader, _sgd(2e-5)))
        found.append((f"{name}, plain bayes", f"{name}; alpha 0.1", reader, MultinomialNB(alpha=0.1)))
    return found


def _readers() -> dict[str, Any]:
    return {
        "letters 2-3": letters(2, 3),
        "letters 2-4": letters(2, 4),
        "letters 3-5": letters(3, 5),
        "words and marks": words(lowercase=False, token_pattern=r"\w+|[^\w\s]"),
        "word pairs alone": words(ngram_range=(2, 2), min_df=2),
    }


def _sgd(alpha: float) -> SGDClassifier:
    return SGDClassifier(loss="log_loss", alpha=alpha, random_state=0, max_iter=60)


def _program(reader: Any, model: Any) -> Callable[[Division], pd.DataFrame]:
    def run(division: Division) -> pd.DataFrame:
        fitted = make_pipeline(reader, model).fit(division.train["text"], division.train["library"])
        shares = np.maximum(fitted.predict_proba(division.test["text"]), FLOOR)
        table = pd.DataFrame(shares / shares.sum(axis=1, keepdims=True), columns=[str(c) for c in fitted.classes_])
        table.insert(0, "id", division.test["id"].to_numpy())
        return table

    return run


def _surface(texts: pd.Series) -> np.ndarray:
    texts = pd.Series(texts)
    marks = ["`", ".", ",", ":", "(", "*", "-", "_", "'", '"']
    counts = [texts.str.count(f"\\{mark}") for mark in marks]
    shape = [texts.str.len(), texts.str.count(r"\S+"), texts.str.count("[A-Z]"), texts.str.count("LIBRARY")]
    return np.column_stack([*counts, *shape, texts.str.endswith(".")]).astype(float)
