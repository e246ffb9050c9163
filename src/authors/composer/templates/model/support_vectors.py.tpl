#: imports
#: if regression
from sklearn.compose import TransformedTargetRegressor
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR
#: else
from sklearn.calibration import CalibratedClassifierCV
from sklearn.svm import SVC
#: end
#: model
#: if regression
TransformedTargetRegressor(
    SVR(C=__c__, epsilon=0.1, gamma=__gamma__), transformer=StandardScaler()
)
#: else
#: if balanced
CalibratedClassifierCV(SVC(C=__c__, gamma=__gamma__, class_weight="balanced"), ensemble=False, cv=3)
#: else
CalibratedClassifierCV(SVC(C=__c__, gamma=__gamma__), ensemble=False, cv=3)
#: end
#: end
