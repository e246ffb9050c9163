"""Influence of rows on ratios of sums, by the delta method."""

from __future__ import annotations

import numpy as np

from automlgen_runtime.influence.draws import are_draws, of_draws
from automlgen_runtime.influence.types import Influence
from automlgen_runtime.metrics.arrays import Context, Floats, Prediction, Truth
from automlgen_runtime.metrics.ratios import Ratio


def of_ratio(ratio: Ratio) -> Influence:
    def influence(truth: Truth, prediction: Prediction, context: Context) -> Floats:
        sums = ratio.sums(truth, prediction, context)
        rows = len(truth)
        if context.groups is None:
            quotient, bottom, parts = sums.ratio[0], sums.bottom[0], 1
            slope = ratio.link.slope(sums.ratio)[0]
        elif are_draws(context.groups):
            return of_draws(np.where(sums.counted, ratio.link.value(sums.ratio), np.nan), context.groups)
        else:
            quotient, bottom = sums.ratio[context.groups], sums.bottom[context.groups]
            slope = ratio.link.slope(sums.ratio)[context.groups]
            parts = int(sums.counted.sum())
        residual = sums.tops - quotient * sums.bottoms
        scale = np.divide(slope * rows, bottom * parts, out=np.zeros_like(slope * bottom), where=bottom != 0)
        return scale * residual

    return influence
