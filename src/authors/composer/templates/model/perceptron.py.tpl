#: imports
#: if regression
from sklearn.compose import TransformedTargetRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.preprocessing import StandardScaler
#: else
from sklearn.neural_network import MLPClassifier
#: end
#: model
#: if regression
TransformedTargetRegressor(
    MLPRegressor(
        hidden_layer_sizes=[__units__],
        alpha=__alpha__,
        max_iter=__epochs__,
        random_state=__seed__,
    ),
    transformer=StandardScaler(),
)
#: else
MLPClassifier(
    hidden_layer_sizes=[__units__],
    alpha=__alpha__,
    max_iter=__epochs__,
    random_state=__seed__,
)
#: end
