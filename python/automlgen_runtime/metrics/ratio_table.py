"""The metrics that are ratios of sums, by name."""

from __future__ import annotations

import numpy as np

from automlgen_runtime.metrics import masks, multilabel, numbers, probabilities, rankings, texts
from automlgen_runtime.metrics.arrays import Context, Floats, Prediction, Truth
from automlgen_runtime.metrics.ratios import LOGARITHM, ROOT, Ratio, mean_of


def _hit(truth: Truth, predicted: Prediction, _: Context) -> Floats:
    return (truth == predicted).astype(np.float64)


RATIOS: dict[str, Ratio] = {
    "accuracy": mean_of(_hit),
    "logloss": mean_of(probabilities.logarithmic),
    "brier": mean_of(probabilities.quadratic),
    "kl-divergence": mean_of(probabilities.divergence),
    "rmse": mean_of(numbers.squared, ROOT),
    "rmspe": mean_of(numbers.squared_share, ROOT),
    "rmsle": mean_of(numbers.squared_log, ROOT),
    "mae": mean_of(numbers.absolute),
    "log-mae": mean_of(numbers.absolute, LOGARITHM),
    "mape": mean_of(numbers.absolute_share),
    "smape": mean_of(numbers.symmetric_share),
    "mase": mean_of(numbers.scaled),
    "pinball": mean_of(numbers.pinball),
    "laplace-log-likelihood": mean_of(numbers.laplace),
    "haversine": mean_of(numbers.haversine),
    "angular-error": mean_of(numbers.angle),
    "f1-probability": Ratio(probabilities.probable_hits),
    "f1-micro": Ratio(multilabel.pooled),
    "f1-samples": mean_of(multilabel.by_row),
    "lrap": mean_of(rankings.lrap),
    "lwlrap": Ratio(rankings.precisions),
    "map-at-k": mean_of(rankings.average_precision_at),
    "kendall-orders": Ratio(rankings.concordant_pairs),
    "jaccard-sets": mean_of(texts.jaccard_sets),
    "jaccard-words": mean_of(texts.jaccard_words),
    "f1-sets": mean_of(texts.f1_sets),
    "f1-sets-micro": Ratio(texts.set_overlaps),
    "levenshtein": mean_of(texts.levenshtein),
    "dice": mean_of(masks.dice),
    "dice-global": Ratio(masks.dice_terms),
    "iou": mean_of(masks.iou),
    "iou-precision": mean_of(masks.precision_over_thresholds),
}
