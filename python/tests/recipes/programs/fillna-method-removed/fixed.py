"""ffill has a name of its own; within groups it must not cross from one to the next."""

import pandas as pd

frame = pd.DataFrame({"who": ["x", "x", "y"], "a": [1.0, None, None]})
assert frame.groupby("who")["a"].ffill().fillna(0.0).tolist() == [1.0, 1.0, 0.0]
