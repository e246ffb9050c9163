#: imports
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
#: step
StandardScaler(),
PolynomialFeatures(2, include_bias=False),
