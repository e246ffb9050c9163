#: imports
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
#: model
QuadraticDiscriminantAnalysis(reg_param=__reg_param__)
