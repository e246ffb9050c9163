#: imports
from sklearn.linear_model import LogisticRegression
#: model
#: if balanced
LogisticRegression(C=__strength__, class_weight="balanced", max_iter=__max_iter__)
#: else
LogisticRegression(C=__strength__, max_iter=__max_iter__)
#: end
