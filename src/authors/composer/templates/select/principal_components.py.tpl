#: imports
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler
#: step
StandardScaler(),
PCA(__components__, whiten=__whiten__, random_state=__seed__),
