"""The forms an answer comes in: the sample submission, and the score of a filled one on the private rows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from automlgen_runtime.metrics import METRICS, Context
from automlgen_runtime.metrics.classes import encode, levels_of
from automlgen_runtime.metrics.registry import both_columns
from automlgen_runtime.practice.competition import Competition, Division


def sample_of(competition: Competition, division: Division) -> pd.DataFrame:
    """The form of the answer, with one constant that is made from no label of the test rows."""
    sample = division.test[[competition.id_column]].copy()
    labels = division.train[competition.target]
    for column in competition.columns:
        if competition.metric == "logloss":
            sample[column] = repr(round(1 / len(competition.columns), 6))
        elif METRICS[competition.metric].predictions == "label":
            sample[column] = min(labels)
        elif competition.metric == "auc":
            sample[column] = "0.5"
        else:
            sample[column] = "0"
    return sample


def private_score(competition: Competition, division: Division, answer: pd.DataFrame) -> float:
    """What a submission scores on the test rows of a division; raises KeyError when it lacks a row or a column."""
    metric = METRICS[competition.metric]
    given = answer.assign(**{competition.id_column: answer[competition.id_column].astype(str)})
    rows = given.set_index(competition.id_column).loc[list(division.test[competition.id_column])]
    cells = rows[list(competition.columns)].to_numpy()
    texts = list(division.test[competition.target])
    if metric.predictions == "value":
        context = Context(options=competition.metric_options, **_beside(division))
        return metric.value(np.array(texts, dtype=float), cells[:, 0].astype(float), context)
    classes = sorted(division.train[competition.target].unique())
    context = Context(levels_of(classes), competition.metric_options, **_beside(division))
    truth = encode(texts, classes)
    if metric.predictions == "label":
        return metric.value(truth, encode([str(cell) for cell in cells[:, 0]], classes), context)
    return metric.value(truth, both_columns(cells.astype(float)), context)


def _beside(division: Division) -> dict[str, np.ndarray]:
    """Arrays of the context that the division carries beside its answers."""
    table = division.beside
    if table is None:
        return {}
    found = {name: table[name].to_numpy(dtype=float) for name in ("weight", "scale") if name in table}
    found = {"weights" if name == "weight" else name: values for name, values in found.items()}
    if "metric_group" in table:
        found["groups"] = np.unique(table["metric_group"], return_inverse=True)[1].astype(np.int64)
    return found
