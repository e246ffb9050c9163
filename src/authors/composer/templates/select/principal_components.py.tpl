#: imports
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler
#: step
StandardScaler(),
PCA(min(__components__, *X.shape), whiten=__whiten__, random_state=__seed__),
