#: imports
from sklearn.linear_model import Ridge
#: model
Ridge(alpha=__alpha__)
