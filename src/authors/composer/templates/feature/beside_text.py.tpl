#: kind dense
#: features
#: if beside
# The ordinary columns beside the text: numbers by rank, common levels as dummies.
names = [name for name in test if name in train and name not in NOT_FEATURES]
ranks = rows[names].select_dtypes("number").rank(pct=True).fillna(0.5)
labels = rows[names].select_dtypes(exclude="number").astype(str)
common = labels.apply(lambda name: name.where(name.isin(name.value_counts().index[:__max_levels__])))
dummies = pd.get_dummies(common, dtype=float) if len(common.columns) else common
beside = pd.concat([ranks, dummies], axis=1).to_numpy(float)
#: end
#: part
#: if beside
beside
#: end
