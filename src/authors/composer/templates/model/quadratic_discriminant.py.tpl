#: imports
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
#: model
QuadraticDiscriminantAnalysis(solver="eigen", shrinkage=__reg_param__)
