"""What each row contributes to a metric: the common root of standard errors and of paired differences.

`influences(name, truth, prediction, context)` gives one number per row with mean 0. The standard error of the
metric is that of their mean; the standard error of a difference of two programs is that of the mean of the differences.
"""

from automlgen_runtime.influence.table import INFLUENCES, influences

__all__ = ["INFLUENCES", "influences"]
