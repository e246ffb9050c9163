#: kind frame
#: features
#: if !all_numbers
# How common a level is often says as much as which one it is.
level_counts = words.apply(lambda column: np.log1p(column.map(column.value_counts()).fillna(0)))
#: end
#: part
#: if !all_numbers
level_counts.add_prefix("count of ")
#: end
