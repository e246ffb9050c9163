"""concat, once, with a fresh index."""

import pandas as pd

both = pd.concat([pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [2]})], ignore_index=True)
assert both["a"].tolist() == [1, 2]
