/**
 * What the listed versions no longer take, where models keep writing it: each phrase stands for a call that fails, or silently does nothing,
 * in the version that it begins with. Checked against the pinned packages by `test/integration/package-notes.test.ts`.
 */

/** First major (or major.minor) version, and what to mind from it on. */
const NOTES: Readonly<Record<string, readonly [from: readonly [number, number], note: string]>> = {
  pandas: [
    [3, 0],
    'text columns have the dtype `str`, so `== object` finds none of them: use pd.api.types.is_numeric_dtype or select_dtypes(exclude="number"); a change of a part (`df["a"].fillna(x, inplace=True)`, `df["a"][i] = x`) changes nothing: assign the column; gone are fillna(method=), append, applymap, infer_datetime_format',
  ],
  numpy: [[2, 0], 'gone are np.float_, np.Inf, np.NaN, np.product, np.bool8, np.trapz, np.in1d'],
  'scikit-learn': [
    [1, 8],
    'gone are mean_squared_error(squared=), OneHotEncoder(sparse=), LogisticRegression(multi_class=), CalibratedClassifierCV(cv="prefit"), AdaBoostClassifier(algorithm=): use root_mean_squared_error, sparse_output=, FrozenEstimator',
  ],
  xgboost: [
    [3, 0],
    'early_stopping_rounds and eval_metric belong to the constructor, not to fit; tree_method="hist" with device=, never "gpu_hist"; classes are numbers from 0',
  ],
  lightgbm: [
    [4, 0],
    'fit takes no early_stopping_rounds and no verbose: callbacks=[lightgbm.early_stopping(rounds, verbose=False)], verbosity=-1; text columns as `category`; no brackets, commas, colons or quotes in names of features',
  ],
  catboost: [
    [1, 2],
    'cat_features hold strings or integers, never missing cells; verbose=0, allow_writing_files=False',
  ],
};

/** One line for each listed package that has something to mind. */
export function packageNotes(packages: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(NOTES).flatMap(([name, [from, note]]) => {
    const version = packages[name];
    return version !== undefined && isFrom(version, from) ? [`- ${name}: ${note}.`] : [];
  });
}

function isFrom(version: string, [major, minor]: readonly [number, number]): boolean {
  const [itsMajor = 0, itsMinor = 0] = version.split('.').map(Number);
  return itsMajor > major || (itsMajor === major && itsMinor >= minor);
}
