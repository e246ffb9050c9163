#: imports
from sklearn.naive_bayes import ComplementNB
#: model
ComplementNB(alpha=__alpha__, norm=__norm__)
