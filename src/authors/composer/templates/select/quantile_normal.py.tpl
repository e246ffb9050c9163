#: imports
from sklearn.preprocessing import QuantileTransformer
#: step
QuantileTransformer(n_quantiles=min(__quantiles__, len(y)), output_distribution="normal", random_state=__seed__),
