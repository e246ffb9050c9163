/** The program around a model: it finds out by itself what is asked, so that it fits any table. */
import type { FamilyCode } from './families.js';

interface Parts extends FamilyCode {
  readonly title: string;
  readonly recipe: string;
  readonly metric: string;
}

export function assembled({ title, recipe, metric, imports, classifier, regressor, analyzer, filled }: Parts): string {
  const grams = analyzer === 'word' ? '(1, 2)' : '(2, 4)';
  return `"""${title}."""
# recipe ${recipe}
from pathlib import Path

import numpy as np
import pandas as pd
${imports}
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

METRIC = "${metric}"
VALUES = ("rmse", "mse", "mae", "rmsle", "msle", "r2", "mape", "smape", "medae", "mase", "pearson", "spearman")
CHANCES = ("auc", "logloss", "log-loss", "brier", "average-precision")

train = pd.read_csv("input/train.csv")
test = pd.read_csv("input/test.csv")
sample = pd.read_csv("input/sample_submission.csv")
id_column = sample.columns[0]
targets = [name for name in sample.columns[1:] if name in train.columns]
by_class = not targets  # one column of the answer for each class
if by_class:
    targets = [name for name in train.columns if name not in test.columns][:1]

rows = pd.concat([train, test], ignore_index=True)
shared = [name for name in test.columns if name in train.columns and name != id_column and name not in targets]
blocks = []
pictures = {path.stem: path for path in Path("input").rglob("*") if path.suffix in (".png", ".jpg", ".jpeg")}
if pictures:
    from PIL import Image
    named = next(name for name in test.columns if Path(str(test[name].iloc[0])).stem in pictures)
    files = [pictures[Path(str(value)).stem] for value in rows[named]]
    small = [np.asarray(Image.open(file).convert("L").resize((12, 12)), dtype=float).ravel() for file in files]
    blocks.append(np.stack(small))
for name in shared:
    column = rows[name]
    if pd.api.types.is_numeric_dtype(column):
        blocks.append(column.astype(float).to_numpy()[:, None])
    elif column.astype(str).str.len().mean() > 25 and column.nunique() > 0.5 * len(column):
        words = TfidfVectorizer(analyzer="${analyzer}", ngram_range=${grams}, min_df=2, max_features=20000, sublinear_tf=True)
        counts = words.fit_transform(column.fillna("").astype(str))
        size = min(60, counts.shape[1] - 1)
        blocks.append(TruncatedSVD(size, random_state=0).fit_transform(counts))
    else:
        levels = column.astype(str)
        often = levels.map(levels.value_counts()).astype(float).to_numpy()
        blocks.append(np.column_stack([pd.factorize(levels, sort=True)[0].astype(float), often]))
features = np.column_stack(blocks)
${filled ? 'features = np.where(np.isnan(features), np.nanmedian(features, axis=0), features)\n' : ''}rows_of_train = features[:len(train)]
rows_of_test = features[len(train):]

answer = pd.DataFrame({id_column: test[id_column].to_numpy()})
for target in targets:
    known = train[target].notna().to_numpy()
    wanted = train[target][known]
    few = wanted.nunique() <= 20 and bool((wanted == wanted.round()).all()) if pd.api.types.is_numeric_dtype(wanted) else True
    if by_class or (few and METRIC not in VALUES):
        model = ${classifier}
        model.fit(rows_of_train[known], wanted.astype(str))
        chances = model.predict_proba(rows_of_test)
        if not by_class and len(targets) == 1:
            table = pd.DataFrame(chances, columns=model.classes_)
            table.insert(0, id_column, test[id_column].to_numpy())
            table.to_csv("working/probabilities.csv", index=False)
        if by_class:
            place = {name: k for k, name in enumerate(model.classes_)}
            for name in sample.columns[1:]:
                answer[name] = chances[:, place[name]] if name in place else 1e-6
        elif METRIC in CHANCES or (METRIC == "unknown" and chances.shape[1] == 2):
            answer[target] = chances[:, -1]
        else:
            label = dict(zip(wanted.astype(str), wanted))
            answer[target] = [label[name] for name in model.classes_[chances.argmax(axis=1)]]
    else:
        model = ${regressor}
        logs = METRIC in ("rmsle", "msle") and wanted.min() >= 0
        model.fit(rows_of_train[known], np.log1p(wanted) if logs else wanted)
        values = model.predict(rows_of_test)
        answer[target] = np.clip(np.expm1(values) if logs else values, wanted.min(), wanted.max())

answer = answer.set_index(id_column)
answer = answer.reindex(sample[id_column]).reset_index()
answer[list(sample.columns)].to_csv("working/submission.csv", index=False)
print(f"{len(answer)} rows written")
`;
}
