#: kind frame
#: features
# Some rows are unusual as a whole: how many cells are missing or zero, how large the rest is.
whole = pd.DataFrame({"missing": rows.isna().sum(axis=1), "zeros": (numbers == 0).sum(axis=1)})
ranks = numbers.rank(pct=True)
whole["mean rank"], whole["spread of ranks"] = ranks.mean(axis=1), ranks.std(axis=1).fillna(0)
#: part
whole.fillna(0)
