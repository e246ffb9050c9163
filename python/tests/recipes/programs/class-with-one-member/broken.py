"""A class with a single row cannot be stratified."""

import numpy as np
from sklearn.model_selection import train_test_split

train_test_split(np.arange(11), stratify=[0] * 5 + [1] * 5 + [2], test_size=0.3, random_state=0)
