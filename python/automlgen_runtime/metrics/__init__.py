"""The metrics of the ruler. Names, directions and prediction kinds are those of `src/domain/metric.ts`."""

from automlgen_runtime.metrics.arrays import NOTHING, Context
from automlgen_runtime.metrics.registry import METRICS, RANKED, Metric, UndefinedScoreError, metric_named, score

__all__ = ["METRICS", "NOTHING", "RANKED", "Context", "Metric", "UndefinedScoreError", "metric_named", "score"]
