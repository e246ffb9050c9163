"""All pairwise distances of a million rows at once."""

import numpy as np

rows = np.zeros((1_000_000, 1))
distances = np.empty((len(rows), len(rows)))
