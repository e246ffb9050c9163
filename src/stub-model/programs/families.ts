/** Model families of the canned programs; parameters are drawn for each recipe. */
import { drawOf, pick } from '../random.js';

export interface FamilyCode {
  readonly imports: string;
  /** Python expressions of an unfitted model. */
  readonly classifier: string;
  readonly regressor: string;
  /** How texts become numbers. */
  readonly analyzer: 'word' | 'char_wb';
  /** Whether gaps must be filled. */
  readonly filled: boolean;
}

export interface Family {
  readonly name: string;
  title(recipe: string): string;
  code(recipe: string): FamilyCode;
}

function between(low: number, high: number, recipe: string, name: string): number {
  const value = low * (high / low) ** drawOf(recipe, name);
  return Number(value.toPrecision(3));
}

function whole(low: number, high: number, recipe: string, name: string): number {
  return Math.round(between(low, high, recipe, name));
}

function analyzer(recipe: string): FamilyCode['analyzer'] {
  return pick(['word', 'char_wb'], recipe, 'analyzer');
}

const boosting: Family = {
  name: 'gradient-boosting',
  title: (recipe) => `Histogram gradient boosting with ${whole(8, 63, recipe, 'leaves')} leaves`,
  code(recipe) {
    const parameters = `learning_rate=${between(0.03, 0.2, recipe, 'rate')}, max_leaf_nodes=${whole(8, 63, recipe, 'leaves')}, max_iter=${whole(60, 250, recipe, 'rounds')}, l2_regularization=${between(0.01, 10, recipe, 'l2')}, random_state=0`;
    return {
      imports: 'from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor',
      classifier: `HistGradientBoostingClassifier(${parameters})`,
      regressor: `HistGradientBoostingRegressor(${parameters})`,
      analyzer: analyzer(recipe),
      filled: false,
    };
  },
};

const lightgbm: Family = {
  name: 'lightgbm',
  title: (recipe) => `LightGBM with ${whole(100, 400, recipe, 'rounds')} rounds`,
  code(recipe) {
    const parameters = `n_estimators=${whole(100, 400, recipe, 'rounds')}, learning_rate=${between(0.02, 0.15, recipe, 'rate')}, num_leaves=${whole(7, 63, recipe, 'leaves')}, subsample=${between(0.6, 1, recipe, 'rows')}, subsample_freq=1, colsample_bytree=${between(0.5, 1, recipe, 'columns')}, n_jobs=2, random_state=0, verbose=-1`;
    return {
      imports: 'from lightgbm import LGBMClassifier, LGBMRegressor',
      classifier: `LGBMClassifier(${parameters})`,
      regressor: `LGBMRegressor(${parameters})`,
      analyzer: analyzer(recipe),
      filled: false,
    };
  },
};

const forest: Family = {
  name: 'forest',
  title: (recipe) => `Extremely randomised trees, at least ${whole(1, 12, recipe, 'leaf')} rows in a leaf`,
  code(recipe) {
    const parameters = `n_estimators=${whole(100, 300, recipe, 'trees')}, min_samples_leaf=${whole(1, 12, recipe, 'leaf')}, max_features=${between(0.2, 1, recipe, 'columns')}, n_jobs=2, random_state=0`;
    return {
      imports: 'from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor',
      classifier: `ExtraTreesClassifier(${parameters})`,
      regressor: `ExtraTreesRegressor(${parameters})`,
      analyzer: analyzer(recipe),
      filled: true,
    };
  },
};

const linear: Family = {
  name: 'linear',
  title: (recipe) => `Linear model on standardised columns, penalty ${between(0.05, 20, recipe, 'penalty')}`,
  code(recipe) {
    const penalty = between(0.05, 20, recipe, 'penalty');
    return {
      imports:
        'from sklearn.linear_model import LogisticRegression, Ridge\nfrom sklearn.pipeline import make_pipeline\nfrom sklearn.preprocessing import StandardScaler',
      classifier: `make_pipeline(StandardScaler(), LogisticRegression(C=${Number((1 / penalty).toPrecision(3))}, max_iter=500))`,
      regressor: `make_pipeline(StandardScaler(), Ridge(alpha=${penalty}))`,
      analyzer: analyzer(recipe),
      filled: true,
    };
  },
};

export const FAMILIES: readonly [Family, ...Family[]] = [boosting, lightgbm, forest, linear];
