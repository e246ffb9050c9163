"""An alias that NumPy 2 dropped."""

import numpy as np

np.zeros(3, dtype=np.float_)
