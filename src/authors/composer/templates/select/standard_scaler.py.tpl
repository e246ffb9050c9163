#: imports
from sklearn.preprocessing import StandardScaler
#: step
StandardScaler(),
