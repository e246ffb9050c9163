#: imports
from sklearn.naive_bayes import MultinomialNB
#: model
MultinomialNB(alpha=__alpha__)
