#: kind frame
#: features
#: if !all_numbers
codes = words.apply(lambda column: column.astype("category").cat.codes)
#: end
#: part
#: if !all_numbers
codes
#: end
