#: imports
from sklearn.preprocessing import QuantileTransformer
#: step
QuantileTransformer(n_quantiles=__quantiles__, output_distribution="normal", random_state=__seed__),
