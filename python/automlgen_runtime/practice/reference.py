"""The reference programs: what one gets for nothing. Every result is compared with them on the same rows."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pandas as pd

from automlgen_runtime.practice.competition import Division


def lightgbm_table(division: Division, target: str, id_column: str) -> pd.DataFrame:
    """LightGBM with default settings on numbers and category codes, a regression."""
    from lightgbm import LGBMRegressor

    train, test = _coded(division, target, id_column)
    model = LGBMRegressor(n_jobs=1, verbose=-1, deterministic=True, force_row_wise=True)
    model.fit(train, division.train[target].astype(float))
    return pd.DataFrame({id_column: division.test[id_column], target: model.predict(test)})


def lightgbm_logarithm(division: Division, target: str, id_column: str, left_out: tuple[str, ...]) -> pd.DataFrame:
    """LightGBM with default settings on log(1 + target), without the columns named."""
    from lightgbm import LGBMRegressor

    train, test = _coded(division, target, *left_out)
    model = LGBMRegressor(n_jobs=1, verbose=-1, deterministic=True, force_row_wise=True)
    model.fit(train, np.log1p(division.train[target].astype(float)))
    return pd.DataFrame({id_column: division.test[id_column], target: np.expm1(model.predict(test)).clip(0)})


def lightgbm_probability(division: Division, target: str, id_column: str) -> pd.DataFrame:
    """LightGBM with default settings, the probability of the second of two classes."""
    model, test = _classifier(division, target, id_column)
    return pd.DataFrame({id_column: division.test[id_column], target: model.predict_proba(test)[:, 1]})


def lightgbm_label(division: Division, target: str, id_column: str) -> pd.DataFrame:
    """LightGBM with default settings, the most probable class."""
    model, test = _classifier(division, target, id_column)
    return pd.DataFrame({id_column: division.test[id_column], target: model.predict(test)})


def _classifier(division: Division, target: str, id_column: str) -> tuple[Any, pd.DataFrame]:
    from lightgbm import LGBMClassifier

    train, test = _coded(division, target, id_column)
    model = LGBMClassifier(n_jobs=1, verbose=-1, deterministic=True, force_row_wise=True)
    return model.fit(train, division.train[target]), test


def tfidf_logistic(division: Division, target: str, id_column: str, text: str) -> pd.DataFrame:
    """Word TF-IDF and logistic regression with scikit-learn's defaults, class probabilities."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    words = TfidfVectorizer()
    model = LogisticRegression(max_iter=200)
    model.fit(words.fit_transform(division.train[text]), division.train[target])
    shares = model.predict_proba(words.transform(division.test[text]))
    table = pd.DataFrame(shares, columns=[str(name) for name in model.classes_])
    table.insert(0, id_column, division.test[id_column].to_numpy())
    return table


def lightgbm_pixels(division: Division, target: str, id_column: str, image: str, folder: str) -> pd.DataFrame:
    """LightGBM with default settings on raw pixels, class labels."""
    from lightgbm import LGBMClassifier

    train, test = (pixels(division, part[image], folder) for part in (division.train, division.test))
    model = LGBMClassifier(n_jobs=2, verbose=-1, deterministic=True, force_row_wise=True)
    model.fit(train, division.train[target])
    return pd.DataFrame({id_column: division.test[id_column], target: model.predict(test)})


def pixels(division: Division, names: pd.Series, folder: str) -> np.ndarray:
    from PIL import Image

    images = [Image.open(io.BytesIO(division.images[f"{folder}/{name}"])) for name in names]
    return np.stack([np.asarray(image, dtype=np.float32).ravel() for image in images])


def _coded(division: Division, target: str, *left_out: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Numbers as they are, with gaps; words as codes, -1 where unknown. Only columns that both tables have."""
    features = [name for name in division.test.columns if name not in (target, *left_out)]
    train, test = division.train[features].copy(), division.test[features].copy()
    for name in features:
        numbers = pd.to_numeric(train[name], errors="coerce")
        if numbers.notna().equals(train[name] != ""):
            train[name], test[name] = numbers, pd.to_numeric(test[name], errors="coerce")
        else:
            levels = pd.Index(sorted(train[name].unique()))
            train[name], test[name] = levels.get_indexer(train[name]), levels.get_indexer(test[name])
    return train, test
