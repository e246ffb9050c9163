#: imports
from sklearn.metrics import f1_score
#: check
# Macro-F1 counts rare classes as much as common ones: lift them by a power of their share.
prior = np.bincount(y, minlength=len(CLASSES)) / len(y) + 1e-3
lifts = np.linspace(0, 1, 11)
gains = [f1_score(y[outer], (guess / prior**lift).argmax(axis=1), average="macro") for lift in lifts]
lift = lifts[np.argmax(gains)]
#: decide
(__guess__ / prior**lift).argmax(axis=1)
