#: imports
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
#: model
LinearDiscriminantAnalysis(solver="lsqr", shrinkage=__shrinkage__)
