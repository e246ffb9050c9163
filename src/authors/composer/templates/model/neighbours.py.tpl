#: imports
#: if regression
from sklearn.neighbors import KNeighborsRegressor
#: else
from sklearn.neighbors import KNeighborsClassifier
#: end
#: model
#: if regression
KNeighborsRegressor(n_neighbors=__neighbours__, weights=__weights__, n_jobs=__cpus__)
#: else
KNeighborsClassifier(n_neighbors=__neighbours__, weights=__weights__, n_jobs=__cpus__)
#: end
