#: kind frame
#: features
#: if missing
flags = numbers.isna().astype(float).add_prefix("missing ")
#: end
numbers = numbers.fillna(numbers.median()).fillna(0)
#: part
#: if missing
flags
#: end
