#: imports
from sklearn.feature_selection import VarianceThreshold
from sklearn.preprocessing import SplineTransformer, StandardScaler
#: step
VarianceThreshold(),
StandardScaler(),
SplineTransformer(n_knots=__knots__, extrapolation="constant"),
