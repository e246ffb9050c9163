#: kind dense
#: functions
def surface(texts):
    """Length, shape and punctuation of each text: logs, shrunk to the size of TF-IDF weights."""
    words, marks = [r"\w+", r"[A-Z]", r"\d", "_", r"\n"], [r"[^\w\s]", "[.!?]", ",", "`", r"[()\[\]]"]
    counts = [texts.str.count(pattern) for pattern in words + marks]
    return 0.1 * np.log1p(np.column_stack([texts.str.len(), *counts]))
#: features
#: part
surface(texts)
