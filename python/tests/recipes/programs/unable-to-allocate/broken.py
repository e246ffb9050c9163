"""All pairwise distances of ten million rows at once."""

import numpy as np

rows = np.zeros((10_000_000, 1))
distances = np.empty((len(rows), len(rows)))
