#: kind frame
#: read
# Only columns that both tables have: the others leak the answer or cannot be asked.
columns = [name for name in test if name in train and name not in NOT_FEATURES]
rows = pd.concat([train[columns], test[columns]], ignore_index=True)
#: functions
#: if !all_numbers
def as_numbers(cells):
    """Numbers where most cells hold one, as in 1,234 or $5 or 12%; else the cells as words."""
    if pd.api.types.is_numeric_dtype(cells):
        return cells.astype(float)
    plain = cells.astype(str).str.replace(r"[\s,$€£%]", "", regex=True)
    numbers = pd.to_numeric(plain, errors="coerce")
    return numbers if numbers.count() > 0.7 * cells.count() else cells.astype(str).str.strip()
#: end
#: features
#: if all_numbers
numbers = rows.apply(pd.to_numeric, errors="coerce").astype(float)
#: else
#: if dates
table = rows.drop(columns=DATES).apply(as_numbers)
#: else
table = rows.apply(as_numbers)
#: end
numbers = table.select_dtypes("number")
words = table.select_dtypes(exclude="number")
#: end
#: if dates
for name in DATES:
    moment = pd.to_datetime(rows[name], format="mixed", utc=True, errors="coerce")
    parts = {part: getattr(moment.dt, part) for part in ("year", "month", "day", "weekday", "hour")}
    parts["elapsed days"] = (moment - moment.min()).dt.days
    numbers = numbers.assign(**{f"{name} {part}": value for part, value in parts.items()})
#: end
# Infinite and absurd values count as gaps.
numbers = numbers.where(numbers.abs() < 1e18)
#: part
numbers
