#: imports
from sklearn.linear_model import HuberRegressor
#: model
HuberRegressor(epsilon=__epsilon__, alpha=__alpha__, max_iter=500)
