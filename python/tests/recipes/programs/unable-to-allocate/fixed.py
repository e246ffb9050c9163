"""The same answer in blocks of bounded size, in half the width."""

import numpy as np
from sklearn.metrics import pairwise_distances_chunked

rows = np.random.default_rng(0).random((2_000, 1), dtype=np.float32)
nearest = [np.partition(block, 1, axis=1)[:, 1] for block in pairwise_distances_chunked(rows, working_memory=4)]
assert len(np.concatenate(nearest)) == 2_000
