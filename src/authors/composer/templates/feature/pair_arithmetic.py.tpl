#: imports
from itertools import combinations
#: kind frame
#: features
# Differences and ratios of the columns with the most distinct values.
widest = numbers[numbers.nunique().nlargest(__columns__).index]
pairs = {}
for a, b in combinations(widest, 2):
    pairs[f"{a} - {b}"] = widest[a] - widest[b]
    pairs[f"{a} / {b}"] = widest[a] / (widest[b].abs() + 1)
#: part
pd.DataFrame(pairs, index=rows.index)
