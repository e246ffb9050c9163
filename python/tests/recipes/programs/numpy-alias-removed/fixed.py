"""The builtin or the sized type."""

import numpy as np

assert np.zeros(3, dtype=np.float64).dtype == float
