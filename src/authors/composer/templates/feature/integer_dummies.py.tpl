#: kind frame
#: features
# Integers with a few values may be codes: let every value have its own effect.
few = numbers.loc[:, numbers.nunique().between(3, __max_levels__)]
levels = pd.get_dummies(few.astype(str), dtype=float) if len(few.columns) else few
#: part
levels
