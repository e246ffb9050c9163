#: imports
#: if regression
from lightgbm import LGBMRegressor
#: else
from lightgbm import LGBMClassifier
#: end
#: model
#: if regression
LGBMRegressor(
#: else
LGBMClassifier(
#: end
    n_estimators=__n_estimators__,
    learning_rate=__learning_rate__,
    num_leaves=__num_leaves__,
    min_child_samples=__min_child_samples__,
    colsample_bytree=__colsample_bytree__,
    reg_lambda=__reg_lambda__,
#: if extra_trees
    extra_trees=True,
#: end
#: if balanced
    class_weight="balanced",
#: end
#: if regression
#: if objective_poisson
    objective="poisson",
#: end
#: if objective_l1
    objective="l1",
#: end
#: end
    random_state=__seed__,
    n_jobs=__cpus__,
    verbose=-1,
)
