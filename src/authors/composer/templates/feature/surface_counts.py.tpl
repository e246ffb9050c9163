#: kind dense
#: functions
def surface(texts):
    """Length, shape and punctuation of each text: logs, shrunk to the size of TF-IDF weights."""
    patterns = [r"\w+", r"[A-Z]", r"\d", r"[^\w\s]", r"[.!?]", ",", "`", r"[\"']", r"[()\[\]]", r"_", r"\n"]
    counts = [texts.str.count(pattern) for pattern in patterns]
    return 0.1 * np.log1p(np.column_stack([texts.str.len(), *counts]))
#: features
#: part
surface(texts)
