#: imports
#: if regression
from sklearn.ensemble import HistGradientBoostingRegressor
#: else
from sklearn.ensemble import HistGradientBoostingClassifier
#: end
#: model
#: if regression
HistGradientBoostingRegressor(
#: else
HistGradientBoostingClassifier(
#: end
    max_iter=__max_iter__,
    learning_rate=__learning_rate__,
    max_leaf_nodes=__max_leaf_nodes__,
    min_samples_leaf=__min_samples_leaf__,
    l2_regularization=__l2__,
    early_stopping=False,
    random_state=__seed__,
)
