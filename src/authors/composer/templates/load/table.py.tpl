#: kind frame
#: read
# Only columns that both tables have: the others leak the answer or cannot be asked.
columns = [name for name in test if name in train and name not in NOT_FEATURES]
rows = pd.concat([train[columns], test[columns]], ignore_index=True)
#: features
#: if all_numbers
numbers = rows.apply(pd.to_numeric, errors="coerce")
#: else
#: if dates
numbers = rows.drop(columns=DATES).select_dtypes("number")
words = rows.drop(columns=DATES).select_dtypes(exclude="number").astype(str)
#: else
numbers = rows.select_dtypes("number")
words = rows.select_dtypes(exclude="number").astype(str)
#: end
#: end
#: if dates
for name in DATES:
    moment = pd.to_datetime(rows[name], errors="coerce").dt
    parts = {"year": moment.year, "month": moment.month, "weekday": moment.weekday}
    numbers = numbers.assign(**{f"{name} {part}": value for part, value in parts.items()})
#: end
#: part
numbers
