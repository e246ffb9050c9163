"""Array types shared by the metrics.

A *truth* is an array of class codes (integers, the position in the task's class list) or of numbers.
A *prediction* is a matrix of class probabilities (rows x classes), an array of class codes, or an array of numbers.
*Levels* are the numeric values of the classes, which only the quadratic weighted kappa reads.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Truth = npt.NDArray[np.int64] | npt.NDArray[np.float64]
Prediction = npt.NDArray[np.int64] | npt.NDArray[np.float64]


class UndefinedScoreError(ValueError):
    """The metric has no value on these rows, for example an AUC where a single class occurs."""
