/** What prompts say of package versions is true of the pinned packages: every call that is called gone fails, every remedy works. */
import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { packageNotes } from '../../src/authors/llm/operators/package-notes.js';

const python = process.env.AUTOMLGEN_TEST_PYTHON;

const SCRIPT = `
import json, sys, warnings
warnings.simplefilter('ignore')
import numpy as np, pandas as pd, sklearn, xgboost as xgb, lightgbm as lgb, catboost as cb
from sklearn.preprocessing import OneHotEncoder
from sklearn.linear_model import LogisticRegression
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import AdaBoostClassifier
from sklearn.frozen import FrozenEstimator
from sklearn.metrics import mean_squared_error, root_mean_squared_error
t = pd.DataFrame({'a': ['x', 'y', None] * 10, 'b': range(30)})
X = np.random.default_rng(1).random((60, 3)); y = (X[:, 0] > .5).astype(int); fitted = LogisticRegression().fit(X, y)
def unchanged(change):
    e = t.copy(); change(e)
    if e.equals(t): raise ValueError('nothing changed')
GONE = {
 'object': lambda: 1 / int(t.a.dtype == object),
 'inplace': lambda: unchanged(lambda e: e['a'].fillna('q', inplace=True)),
 'chained': lambda: unchanged(lambda e: e['b'].__setitem__(0, 99)),
 'method': lambda: t.fillna(method='ffill'), 'append': lambda: t.append(t), 'applymap': lambda: t.applymap(str),
 'infer': lambda: pd.to_datetime(['2020-01-01'], infer_datetime_format=True),
 **{n: (lambda n=n: getattr(np, n)) for n in ['float_', 'Inf', 'NaN', 'product', 'bool8', 'trapz', 'in1d']},
 'squared': lambda: mean_squared_error([1., 2], [1, 3], squared=False), 'sparse': lambda: OneHotEncoder(sparse=False),
 'multi_class': lambda: LogisticRegression(multi_class='auto'), 'algorithm': lambda: AdaBoostClassifier(algorithm='SAMME.R'),
 'prefit': lambda: CalibratedClassifierCV(fitted, cv='prefit').fit(X, y),
 'xgb early': lambda: xgb.XGBClassifier(n_estimators=3).fit(X, y, eval_set=[(X, y)], early_stopping_rounds=2),
 'xgb metric': lambda: xgb.XGBClassifier(n_estimators=3).fit(X, y, eval_metric='auc'),
 'gpu_hist': lambda: xgb.XGBClassifier(n_estimators=3, tree_method='gpu_hist').fit(X, y),
 'xgb classes': lambda: xgb.XGBClassifier(n_estimators=3).fit(X, np.where(y, 'a', 'b')),
 'lgb early': lambda: lgb.LGBMClassifier(n_estimators=3).fit(X, y, eval_set=[(X, y)], early_stopping_rounds=2),
 'lgb verbose': lambda: lgb.LGBMClassifier(n_estimators=3).fit(X, y, verbose=False),
 'lgb text': lambda: lgb.LGBMClassifier(n_estimators=3).fit(t, t.b > 9),
 'lgb names': lambda: lgb.LGBMClassifier(n_estimators=3, verbosity=-1).fit(pd.DataFrame(X, columns=['a [x]', 'b', 'c']), y),
 'cat missing': lambda: cb.CatBoostClassifier(iterations=2, verbose=0, allow_writing_files=False).fit(t, t.b > 9, cat_features=['a']),
}
WORKS = {
 'exclude': lambda: t.select_dtypes(exclude='number')['a'], 'rmse': lambda: root_mean_squared_error([1., 2], [1, 3]),
 'sparse_output': lambda: OneHotEncoder(sparse_output=False), 'frozen': lambda: CalibratedClassifierCV(FrozenEstimator(fitted)).fit(X, y),
 'xgb': lambda: xgb.XGBClassifier(n_estimators=3, early_stopping_rounds=2, eval_metric='auc', tree_method='hist', device='cpu').fit(X, y, eval_set=[(X, y)], verbose=False),
 'lgb': lambda: lgb.LGBMClassifier(n_estimators=3, verbosity=-1).fit(X, y, eval_set=[(X, y)], callbacks=[lgb.early_stopping(2, verbose=False)]),
 'lgb category': lambda: lgb.LGBMClassifier(n_estimators=3, verbosity=-1).fit(t.astype({'a': 'category'}), t.b > 9),
 'cat': lambda: cb.CatBoostClassifier(iterations=2, verbose=0, allow_writing_files=False).fit(t.fillna({'a': 'none'}), t.b > 9, cat_features=['a']),
}
def fails(call):
    try: call()
    except Exception: return True
    return False
versions = {m: __import__(n).__version__ for m, n in {'numpy': 'numpy', 'pandas': 'pandas', 'scikit-learn': 'sklearn', 'xgboost': 'xgboost', 'lightgbm': 'lightgbm', 'catboost': 'catboost'}.items()}
out = {'alive': [n for n, c in GONE.items() if not fails(c)], 'broken': [n for n, c in WORKS.items() if fails(c)], 'versions': versions, 'tried': len(GONE) + len(WORKS)}
print('\\n' + json.dumps(out))
`;

(python ? test : test.skip)(
  'what is called gone fails, and what is named in its place works',
  () => {
    const run = spawnSync(python ?? '', ['-W', 'ignore', '-c', SCRIPT], { encoding: 'utf8', timeout: 100_000 });
    const { versions, ...found } = JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '');
    expect(found).toEqual({ alive: [], broken: [], tried: 36 });
    expect(packageNotes(versions).map((line) => line.slice(2, line.indexOf(':')))).toEqual(
      Object.keys(versions).sort(byList),
    );
  },
  120_000,
);

const LISTED = ['pandas', 'numpy', 'scikit-learn', 'xgboost', 'lightgbm', 'catboost'];
const byList = (a: string, b: string): number => LISTED.indexOf(a) - LISTED.indexOf(b);
