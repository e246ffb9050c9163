"""Metrics that no library defines: worked out by hand, or against a slow program that follows the words."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest
from automlgen_runtime.influence import INFLUENCES
from automlgen_runtime.metrics import METRICS, Context, UndefinedScoreError, score
from automlgen_runtime.metrics.masks import runs
from automlgen_runtime.metrics.texts import edits
from metric_samples import encoded
from scipy.stats import kendalltau
from sklearn.metrics import f1_score
from sklearn.preprocessing import MultiLabelBinarizer


def with_options(**options: object) -> Context:
    return Context(options=options)


def test_numbers_by_hand() -> None:
    assert score("smape", [100, 0, 0], [300, 0, 5]) == pytest.approx((100 + 0 + 200) / 3), "0/0 is no error"
    assert score("mape", [2, 4], [1, 5]) == pytest.approx((0.5 + 0.25) / 2)
    assert score("pinball", [10, 10], [8, 12], context=with_options(quantile=0.9)) == pytest.approx((1.8 + 0.2) / 2)
    assert score("pinball", [10, 10], [8, 12]) == pytest.approx(1), "the median: half the absolute error"


def test_log_of_the_mean_absolute_error_by_kind() -> None:
    context = Context(groups=np.array([0, 0, 1, 1]))
    assert score("log-mae", [0, 0, 0, 0], [1, 3, 4, 4], context=context) == pytest.approx((log(2) + log(4)) / 2)
    assert score("log-mae", [1, 2], [1, 2]) == pytest.approx(log(1e-9)), "the floor"


def test_errors_in_units_of_the_naive_forecast() -> None:
    """Two series: errors 1 and 3 at scale 2, error 10 at scale 5; a series without movement takes no part."""
    truth, guess = np.zeros(4), np.array([1.0, 3.0, 10.0, 7.0])
    scale = np.array([2.0, 2.0, 5.0, 0.0])
    assert score("mase", truth[:3], guess[:3], context=Context(scale=scale[:3])) == pytest.approx((0.5 + 1.5 + 2) / 3)
    assert score("mase", truth, guess, context=Context(scale=scale)) == pytest.approx((0.5 + 1.5 + 2) / 3)
    grouped = Context(scale=scale[:3], groups=np.array([0, 0, 1]))
    assert score("mase", truth[:3], guess[:3], context=grouped) == pytest.approx((1 + 2) / 2), "series by series"
    still = Context(scale=scale, groups=np.array([0, 0, 1, 2]))
    assert score("mase", truth, guess, context=still) == pytest.approx((1 + 2) / 2), "no value, not a value of 0"
    assert INFLUENCES["mase"](truth, guess, still)[3] == 0
    with pytest.raises(UndefinedScoreError, match="scale of every row"):
        score("mase", truth, guess)


def test_laplace_log_likelihood_of_lungs() -> None:
    """Confidences below 70 count as 70, errors above 1000 as 1000."""
    truth, guess = [2000, 2000, 2000], [[2000, 10], [2100, 200], [9999, 70]]
    parts = [-log(sqrt(2) * 70), -sqrt(2) * 100 / 200 - log(sqrt(2) * 200), -sqrt(2) * 1000 / 70 - log(sqrt(2) * 70)]
    assert score("laplace-log-likelihood", truth, guess) == pytest.approx(np.mean(parts))
    with pytest.raises(UndefinedScoreError, match="two predicted columns"):
        score("laplace-log-likelihood", truth, [1, 2, 3])


def test_metres_on_the_sphere() -> None:
    degree = 2 * np.pi * 6_371_000 / 360
    assert score("haversine", [[0, 0]], [[0, 1]]) == pytest.approx(degree)
    assert score("haversine", [[60, 0]], [[60, 0.001]]) == pytest.approx(degree / 2 / 1000, rel=1e-6), "cosine of 60"
    assert score("haversine", [[0, 179.5]], [[0, -179.5]]) == pytest.approx(degree), "across the date line"
    assert score("haversine", [[90, 0], [0, 0]], [[-90, 0], [0, 0]]) == pytest.approx(np.pi * 6_371_000 / 2)
    assert score("haversine", [[0, 0], [np.nan, 0]], [[0, 1], [3, 3]]) == pytest.approx(degree), "no truth, no error"


def test_angles_between_directions() -> None:
    level = np.pi / 2
    assert score("angular-error", [[0, level]], [[level, level]]) == pytest.approx(level), "north and east"
    assert score("angular-error", [[0, 0], [0, 0]], [[3, 0], [1, np.pi]]) == pytest.approx(np.pi / 2), "poles"
    assert score("angular-error", [[0.1, level]], [[2 * np.pi - 0.1, level]]) == pytest.approx(0.2), "across 0"
    with pytest.raises(UndefinedScoreError, match="azimuth and zenith"):
        score("angular-error", [1.0], [1.0])


def test_shares_of_the_truth() -> None:
    assert score("rmspe", [2, 4, 0], [1, 5, 9]) == pytest.approx(sqrt((0.25 + 0.0625) / 2)), "0 has no share"


def test_f1_without_a_threshold() -> None:
    chances, truth = np.array([0.9, 0.2, 0.4, 0.0]), ["y", "y", "n", "n"]
    expected = 2 * (0.9 + 0.2) / (2 + 1.5)
    assert score("f1-probability", truth, chances, ["n", "y"]) == pytest.approx(expected)
    certain = score("f1-probability", truth, chances.round(), ["n", "y"])
    assert certain == pytest.approx(score("f1", truth, ["y", "n", "n", "n"], ["n", "y"])), "of certain ones the F1"
    with pytest.raises(UndefinedScoreError, match="two classes"):
        score("f1-probability", ["a"], [[0.2, 0.3, 0.5]], ["a", "b", "c"])


def test_thresholds_of_overlap() -> None:
    """Overlap over union 6/10, 10/10, nothing and nothing, something against nothing."""
    truth, said = ["1 8", "1 10", "", "", "5 5"], ["3 8", "1 10", "", "1 2", ""]
    assert score("iou", truth[:1], said[:1]) == pytest.approx(0.6)
    assert score("iou-precision", truth[:1], said[:1]) == pytest.approx(2 / 10), "0.5 and 0.55; not 0.6 itself"
    assert score("iou-precision", truth, said) == pytest.approx((0.2 + 1 + 1 + 0 + 0) / 5)


@pytest.mark.parametrize(
    ("relevant", "ranking", "k", "expected"),
    [
        ("a", "a b c", 5, 1),
        ("a", "b a c", 5, 1 / 2),
        ("a", "b c d", 5, 0),
        ("a", "b c a", 2, 0),
        ("a", "", 5, 0),
        ("a b", "a x b", 5, (1 + 2 / 3) / 2),
        ("a b c d", "a b", 2, 1),
        ("a b c d", "x a", 2, (1 / 2) / 2),
        ("a", "a a a", 5, 1),
        ("a b", "a a b", 5, (1 + 2 / 3) / 2),
        ("a b", "b a", None, 1),
    ],
)
def test_average_precision_at_k(relevant: str, ranking: str, k: int | None, expected: float) -> None:
    context = Context() if k is None else with_options(k=k)
    assert score("map-at-k", [relevant], [ranking], context=context) == pytest.approx(expected)
    several = score("map-at-k", [relevant, "z", ""], [ranking, "z", "a b"], context=context)
    assert several == pytest.approx((expected + 1) / 2), "rows with nothing relevant are not scored"


@pytest.mark.parametrize(
    ("true", "said", "expected"),
    [
        ("a b c d", "a b c d", 1),
        ("a b c d", "d c b a", -1),
        ("a b c", "a c b", 1 - 4 * 1 / 6),
        ("a b c", "c x a c b", 1 - 4 * 2 / 6),
        ("a b c d", "c d", 1 - 4 * 5 / 12),
        ("a b", "", -1),
    ],
)
def test_orders_by_counting_swaps(true: str, said: str, expected: float) -> None:
    assert score("kendall-orders", [true], [said]) == pytest.approx(expected)
    pairs = len(true.split()) * (len(true.split()) - 1)
    pooled = score("kendall-orders", [true, "x y z"], [said, "x y z"])
    assert pooled == pytest.approx((pairs * expected + 6) / (pairs + 6)), "long orders count more"


@pytest.mark.parametrize("seed", range(5))
def test_orders_equal_the_correlation_of_their_places(seed: int) -> None:
    random = np.random.default_rng(seed)
    order = random.permutation(30)
    found = score("kendall-orders", [" ".join(map(str, range(30)))], [" ".join(map(str, order))])
    assert found == pytest.approx(kendalltau(np.arange(30), order).statistic)


def test_sets_and_words_by_hand() -> None:
    assert score("jaccard-sets", ["a b c", "", "a"], ["b c d", "", ""]) == pytest.approx((2 / 4 + 1 + 0) / 3)
    assert score("jaccard-words", ["The cat  sat"], ["the CAT ran off"]) == pytest.approx(2 / 5)
    assert score("jaccard-sets", ["The cat"], ["the cat"]) == pytest.approx(1 / 3), "labels are as written"
    assert score("f1-sets", ["a b", "a", ""], ["a", "b", ""]) == pytest.approx((2 / 3 + 0 + 1) / 3)
    assert score("f1-sets-micro", ["a b", "a"], ["a", "b"]) == pytest.approx(2 * 1 / (2 + 2 + 1))


@pytest.mark.parametrize("seed", range(3))
def test_f1_of_sets_is_that_of_the_matrix_of_labels(seed: int) -> None:
    random = np.random.default_rng(seed)
    rows = [[list(np.array(list("abcdef"))[random.random(6) < 0.4]) for _ in range(80)] for _ in "xy"]
    hot = MultiLabelBinarizer(classes=list("abcdef"))
    truth, said = (hot.fit_transform(part) for part in rows)
    texts = [[" ".join(cell) for cell in part] for part in rows]
    assert score("f1-sets", *texts) == pytest.approx(f1_score(truth, said, average="samples", zero_division=1))
    assert score("f1-sets-micro", *texts) == pytest.approx(f1_score(truth, said, average="micro"))


def slow_edits(a: str, b: str) -> int:
    above = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        row = [i]
        for j, y in enumerate(b, start=1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (x != y)))
        above = row
    return above[-1]


@pytest.mark.parametrize("seed", range(300))
def test_edit_distance_equals_the_textbook_table(seed: int) -> None:
    random = np.random.default_rng(seed)
    letters = np.array(list("abcä中"))[: random.integers(1, 6)]
    a, b = ("".join(letters[random.integers(0, len(letters), random.integers(0, 90))]) for _ in range(2))
    assert edits(a, b) == slow_edits(a, b) == edits(b, a)


def test_edit_distance_is_a_mean_in_characters() -> None:
    assert score("levenshtein", ["kitten", "", "same"], ["sitting", "abc", "same"]) == pytest.approx((3 + 3 + 0) / 3)


@pytest.mark.parametrize("seed", range(20))
def test_overlaps_of_masks_equal_those_of_their_pixels(seed: int) -> None:
    random = np.random.default_rng(seed)
    images = (random.random((2, 15, 7, 9)) < random.choice([0.05, 0.5, 0.9], (2, 15, 1, 1))).astype(int)
    images[:, 0], images[0, 1], images[1, 2] = 0, 0, 0
    texts = [[encoded(image) for image in part] for part in images]
    both, size = (images[0] & images[1]).sum(axis=(1, 2)), images.sum(axis=(0, 2, 3))
    dice = np.where(size > 0, 2 * both / np.maximum(size, 1), 1)
    iou = np.where(size > 0, both / np.maximum(size - both, 1), 1)
    assert score("dice", *texts) == pytest.approx(dice.mean())
    assert score("iou", *texts) == pytest.approx(iou.mean())
    assert score("dice-global", *texts) == pytest.approx(2 * both.sum() / size.sum())


def test_masks_as_people_write_them() -> None:
    for empty in ("", "-1", "nan", " "):
        assert score("dice", [empty], [""]) == 1 and score("dice", ["1 3"], [empty]) == 0
    assert runs("10 2 1 3 3 4").tolist() == [[1, 7], [10, 12]], "sorted, and overlaps are one run"
    assert score("iou", ["1 3 3 4"], ["1 6"]) == 1
    assert encoded(np.array([[0, 1], [1, 1]])) == "2 3", "down the columns"
    for wrong in ("1", "0 3", "a b", "3 -1", "1 2.5"):
        with pytest.raises(UndefinedScoreError, match="is no mask"):
            score("dice", ["1 3"], [wrong])


def test_labels_by_hand() -> None:
    levels = np.arange(2.0)
    truth, said = np.array([1, 1, 1, 0, 0]), np.array([1, 1, 0, 1, 0])
    found = {name: METRICS[name].value(truth, said, Context(levels)) for name in ("f1", "jaccard", "mcc", "kappa")}
    assert found["f1"] == pytest.approx(4 / 6)
    assert found["jaccard"] == pytest.approx(2 / 4)
    assert found["mcc"] == pytest.approx((2 * 1 - 1 * 1) / sqrt(3 * 3 * 2 * 2))
    assert found["kappa"] == pytest.approx((0.6 - 0.52) / 0.48)
    half = METRICS["fbeta"].value(truth, said[::-1], Context(levels, {"beta": 0.5}))
    assert half == pytest.approx(1.25 * 1 / (0.25 * 3 + 3))


def test_options_that_do_not_fit_are_faults() -> None:
    with pytest.raises(UndefinedScoreError, match="2 numbers for 3 targets"):
        score("rmse", np.ones((4, 3)), np.zeros((4, 3)), context=with_options(target_weights=[1, 2]))
    with pytest.raises(UndefinedScoreError, match="not all 0"):
        score("mae", [1, 2], [1, 2], context=Context(weights=np.zeros(2)))
    with pytest.raises(UndefinedScoreError, match="0 or 1 in every cell"):
        METRICS["f1-micro"].value(np.array([[2.0, 1.0]]), np.array([[1, 1]]), Context())
    with pytest.raises(UndefinedScoreError, match="no rows"):
        score("mae", [], [])
    with pytest.raises(UndefinedScoreError, match="none of the targets"):
        METRICS["auc"].value(np.ones((4, 2)), np.ones((4, 2)), Context())
    with pytest.raises(UndefinedScoreError, match="relevances below 0"):
        score("ndcg", [-1, 1], [0.1, 0.2])


def test_f1_reads_the_positive_class_by_its_name() -> None:
    truth, said, classes = list("yynn"), list("ynnn"), ["n", "y"]
    assert score("f1", truth, said, classes) == pytest.approx(2 / 3)
    assert score("f1", truth, said, classes, with_options(positive="n")) == pytest.approx(4 / 5)
    three = ["n", "q", "y"]
    assert score("f1", truth, said, three) == pytest.approx((2 / 3 + 4 / 5) / 2), "more classes: the mean over them"
