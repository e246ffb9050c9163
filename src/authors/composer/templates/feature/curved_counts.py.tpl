#: kind frame
#: features
# Counts and amounts rarely act in a straight line: offer their log and their square.
curving = numbers.loc[:, (numbers.min() >= 0) & (numbers.nunique() > 2)]
#: part
np.log1p(curving).add_prefix("log ")
(curving**2).add_suffix(" squared")
