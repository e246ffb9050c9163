#: imports
#: if regression
from xgboost import XGBRegressor
#: else
from xgboost import XGBClassifier
#: end
#: model
#: if regression
XGBRegressor(
#: else
XGBClassifier(
#: end
    n_estimators=__n_estimators__,
    learning_rate=__learning_rate__,
    max_depth=__max_depth__,
    min_child_weight=__min_child_weight__,
    subsample=__subsample__,
    colsample_bytree=__colsample_bytree__,
    reg_lambda=__reg_lambda__,
#: if regression
#: if objective_poisson
    objective="count:poisson",
#: end
#: if objective_l1
    objective="reg:absoluteerror",
#: end
#: end
    random_state=__seed__,
    n_jobs=__cpus__,
)
