#: imports
#: if regression
from sklearn.neighbors import KNeighborsRegressor
#: else
from sklearn.neighbors import KNeighborsClassifier
#: end
#: model
#: if regression
KNeighborsRegressor(
#: else
KNeighborsClassifier(
#: end
#: if few_rows
    n_neighbors=min(__neighbours__, len(y)),
#: else
    n_neighbors=__neighbours__,
#: end
    weights=__weights__,
    n_jobs=__cpus__,
)
