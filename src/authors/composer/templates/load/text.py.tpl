#: read
rows = pd.concat([train, test], ignore_index=True)
#: features
#: if many_texts
texts = rows[TEXT].fillna("").astype(str).agg(" ".join, axis=1)
#: else
texts = rows[TEXT].fillna("").astype(str)
#: end
