#: imports
#: if regression
from catboost import CatBoostRegressor
#: else
from catboost import CatBoostClassifier
#: end
#: model
#: if regression
CatBoostRegressor(
#: if objective_poisson
    loss_function="Poisson",
#: end
#: if objective_l1
    loss_function="MAE",
#: end
#: else
CatBoostClassifier(
#: if balanced
    auto_class_weights="Balanced",
#: end
#: end
    iterations=__n_estimators__,
    learning_rate=__learning_rate__,
    depth=__depth__,
    l2_leaf_reg=__l2__,
    random_seed=__seed__,
    thread_count=__cpus__,
    allow_writing_files=False,
    verbose=False,
)
