#: imports
#: if regression
#: if extra
from sklearn.ensemble import ExtraTreesRegressor
#: else
from sklearn.ensemble import RandomForestRegressor
#: end
#: else
#: if extra
from sklearn.ensemble import ExtraTreesClassifier
#: else
from sklearn.ensemble import RandomForestClassifier
#: end
#: end
#: model
#: if regression
#: if extra
ExtraTreesRegressor(
#: else
RandomForestRegressor(
#: end
#: else
#: if extra
ExtraTreesClassifier(
#: else
RandomForestClassifier(
#: end
#: end
    n_estimators=__n_estimators__,
    min_samples_leaf=__min_samples_leaf__,
    max_features=__max_features__,
#: if balanced
    class_weight="balanced",
#: end
    random_state=__seed__,
    n_jobs=__cpus__,
)
