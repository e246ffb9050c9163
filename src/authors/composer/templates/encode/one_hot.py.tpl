#: kind frame
#: features
#: if !all_numbers
# Rare levels get no column of their own: there is nothing to learn from them.
common = words.apply(lambda name: name.where(name.isin(name.value_counts().index[:__max_levels__])))
dummies = pd.get_dummies(common, dtype=float) if len(common.columns) else common
#: end
#: part
#: if !all_numbers
dummies
#: end
