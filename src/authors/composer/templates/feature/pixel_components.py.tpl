#: kind dense
#: imports
from sklearn.decomposition import PCA
#: features
flat = images.reshape(len(images), -1)
components = PCA(min(__components__, *flat.shape), random_state=SEED).fit_transform(flat)
#: part
components
