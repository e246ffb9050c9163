"""p07: the language of a short text of an interface. What is new in the test table is whole messages, not strings."""

from __future__ import annotations

import gettext
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from automlgen_runtime.practice.competition import Competition, Division, Material
from automlgen_runtime.practice.sources import package_folder, table_hash

ID = "row"
"""Not `id`: that is Indonesian, and some programs write one column for each class beside the id."""
FEWEST, MOST = 55, 260
"""Strings of one language: fewer and it is left out, more and only these are taken."""
SHORTEST = 6
"""Letters and digits of a string."""
TEST_SHARE = 0.3
_CONTEXT = "\x04"
"""Stands between the context and the text of a message in a compiled catalogue."""
_GAPS = re.compile(r"%(?:\([^)]*\))?[-\d.]*[sdif]|\{\w*\}")
"""Where a program puts a value: the same in every language, so it would tell the message."""

DESCRIPTION = """# Language of an interface

Each row is a short text of a user interface that people translated from English: a label, a hint, a warning. Name its
language. Some of the 93 languages are close: Croatian, Bosnian and Serbian in two scripts, Spanish of four countries,
Portuguese of two, Upper and Lower Sorbian. Values that the program puts in are written as `…`.

## Files

- `train.csv`: `row`, `text`, `language` (the target, a code such as `pt_BR`), `message` (an opaque name of the text
  that was translated)
- `test.csv`: `row`, `text`
- `sample_submission.csv`: the form of the answer

No message has translations in both tables: the words of the test rows belong to other messages. So divide by
`message` when you validate; within a message close languages have nearly the same string.

## Evaluation

Macro-averaged F1 (`f1-macro`), larger is better. The submission has the columns `row,language`.
"""


def take() -> Material:
    root = package_folder("django")
    table = pd.DataFrame(_strings(root), columns=["language", "message", "text"])
    table = table[(table["text"].str.count(r"\w") >= SHORTEST) & (table["text"] != table["message"])]
    table = table.drop_duplicates(["language", "text"])
    # What several languages share tells nothing; the first of a language's equal strings stays.
    table = table[table.groupby("text")["language"].transform("nunique") == 1]
    table = table[table.groupby("language")["text"].transform("size") >= FEWEST]
    order = (table["language"] + "\n" + table["text"]).map(lambda text: hashlib.sha256(text.encode()).hexdigest())
    table = table.loc[order.sort_values(kind="stable").index].groupby("language").head(MOST)
    table = table.sort_values(["language", "message", "text"], kind="stable").reset_index(drop=True)
    return Material(table, {"messages": table_hash(table)})


def _strings(root: Path) -> Iterator[tuple[str, str, str]]:
    """Language, message and translation from every compiled catalogue, plural forms included."""
    for path in sorted(root.rglob("locale/*/LC_MESSAGES/*.mo")):
        with path.open("rb") as file:
            catalogue: dict[str | tuple[str, int], str] = vars(gettext.GNUTranslations(file))["_catalog"]
        for key, text in catalogue.items():
            message = (key if isinstance(key, str) else key[0]).rsplit(_CONTEXT)[-1]
            if message:
                yield path.parts[-3], _plain(message), _plain(text)


def _plain(text: str) -> str:
    return " ".join(_GAPS.sub("…", text).split())


def divide(material: Material, seed: int) -> Division:
    rng = np.random.Generator(np.random.PCG64([seed, 7]))
    messages = np.array(sorted(material.table["message"].unique()))
    names = dict(zip(messages, (f"m{n:04d}" for n in rng.permutation(len(messages))), strict=True))
    in_test = set(messages[rng.permutation(len(messages))[: round(TEST_SHARE * len(messages))]])
    table = material.table.iloc[rng.permutation(len(material.table))].reset_index(drop=True)
    table.insert(0, ID, [f"u{n:05d}" for n in rng.permutation(len(table))])
    test = table["message"].isin(in_test)
    table["message"] = table["message"].map(names)
    table = table[[ID, "text", "language", "message"]]
    return Division(train=table[~test].reset_index(drop=True), test=table[test].reset_index(drop=True))


def reference(division: Division) -> pd.DataFrame:
    """Logistic regression on the same words takes many times longer and scores the same."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.naive_bayes import MultinomialNB

    words, model = CountVectorizer(), MultinomialNB()
    model.fit(words.fit_transform(division.train["text"]), division.train["language"])
    return pd.DataFrame({ID: division.test[ID], "language": model.predict(words.transform(division.test["text"]))})


COMPETITION = Competition(
    id="p07-ui-language",
    title="Which of 93 languages a text of an interface is in",
    metric="f1-macro",
    direction="maximise",
    target="language",
    id_column=ID,
    columns=("language",),
    description=DESCRIPTION,
    licence="Message catalogues distributed with Django (BSD-3), translated by its community.",
    split_rule="whole messages at random, 70 % train, 30 % test; at most 260 strings of a language",
    noise={"unpairedSE": 0.0041, "pairedSE": 0.0028},
    task_lines=('group = "message"',),
    packages=("django",),
    take=take,
    divide=divide,
    reference=reference,
    reference_note="word counts and multinomial naive Bayes with scikit-learn's defaults",
    group="message",
)
