#: imports
from sklearn.linear_model import SGDClassifier
#: model
SGDClassifier(
    loss="log_loss",
    alpha=__alpha__,
    penalty=__penalty__,
    average=True,
    max_iter=__epochs__,
    tol=None,
#: if balanced
    class_weight="balanced",
#: end
    random_state=__seed__,
    n_jobs=__cpus__,
)
