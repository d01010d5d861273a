import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tmdfeat.evaluate import summarize_differences, summarize_scores

T_975_4 = 2.776445  # Student's t, 4 degrees of freedom, upper 2.5 %: any printed table
T_95_4 = 2.131847


def fold_scores(values, metric="accuracy", n_train=80, n_test=20):
    return pd.DataFrame({"metric": metric, "score": values, "n_train": n_train, "n_test": n_test})


@pytest.mark.parametrize(("confidence", "t"), [(0.95, T_975_4), (0.90, T_95_4)])
def test_the_interval_is_the_corrected_resampled_t(confidence, t):
    row = summarize_scores(fold_scores([0.8, 0.9, 0.7, 0.8, 0.8]), confidence=confidence).iloc[0]
    # variance (0.1² + 0.1²) / 4, times 1/5 + 20/80
    half = t * np.sqrt(0.005 * 0.45)
    assert row["mean"] == pytest.approx(0.8)
    assert row["std"] == pytest.approx(np.sqrt(0.005))
    assert row["low"] == pytest.approx(0.8 - half, abs=1e-6)
    assert row["high"] == pytest.approx(0.8 + half, abs=1e-6)
    assert row["n_folds"] == 5


def test_repeats_do_not_make_the_mean_certain():
    once = [0.8, 0.9, 0.7, 0.8, 0.8]
    row = summarize_scores(fold_scores(once * 200)).iloc[0]
    plain = stats.sem(once * 200) * 1.96
    assert plain < 0.005  # what the plain t would claim of the same samples, looked at 200 times
    assert row["high"] - row["mean"] > 1.96 * np.std(once) * np.sqrt(20 / 80)


def test_folds_of_different_size_count_by_their_mean_ratio():
    scores = fold_scores([0.59, 0.61], n_train=np.array([10, 20]), n_test=np.array([10, 10]))
    row = summarize_scores(scores).iloc[0]
    t_975_1 = np.tan(0.475 * np.pi)  # with one degree of freedom t is Cauchy
    assert row["high"] - 0.6 == pytest.approx(t_975_1 * np.sqrt(0.0002 * (1 / 2 + 0.75)))


def test_bounds_end_where_metrics_do():
    row = summarize_scores(fold_scores([0.1, 0.9])).iloc[0]
    assert (row["low"], row["high"]) == (0.0, 1.0)


def test_one_row_per_metric_in_the_order_they_came():
    both = pd.concat([fold_scores([1.0, 1.0], "f1_macro"), fold_scores([0.5, 0.5], "accuracy")])
    table = summarize_scores(both)
    assert table["metric"].tolist() == ["f1_macro", "accuracy"]
    assert table["mean"].tolist() == [1.0, 0.5]
    assert table["low"].tolist() == table["high"].tolist() == [1.0, 0.5]


def test_one_fold_has_a_mean_and_no_interval():
    row = summarize_scores(fold_scores([0.84])).iloc[0]
    assert row["mean"] == 0.84
    assert row[["low", "high", "std"]].isna().all()


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_confidence_is_a_share(confidence):
    with pytest.raises(ValueError, match=r"between 0 and 1, got"):
        summarize_scores(fold_scores([0.5, 0.6]), confidence=confidence)


@pytest.mark.parametrize(
    ("metric", "low", "high"),
    [("rmse", 0.0, np.inf), ("mae_classes", 0.0, np.inf), ("r2", -np.inf, 1)],
)
def test_errors_are_never_below_zero_and_r2_never_above_one(metric, low, high):
    row = summarize_scores(fold_scores([0.1, 0.9], metric)).iloc[0]
    half = np.tan(0.475 * np.pi) * np.sqrt(0.32 * (1 / 2 + 0.25))
    assert row["low"] == pytest.approx(max(0.5 - half, low))
    assert row["high"] == pytest.approx(min(0.5 + half, high))


def two_models(first, second):
    parts = [
        fold_scores(values).assign(model=name, repeat=0, fold=range(5))
        for name, values in (("a", first), ("b", second))
    ]
    return pd.concat(parts, ignore_index=True)


def test_differences_are_taken_fold_by_fold():
    hard = np.array([0.8, 0.2, 0.7, 0.4, 0.6])  # folds differ far more than the two models
    gain = np.array([0.0, 0.1, -0.1, 0.0, 0.0]) + 0.05
    shuffled = two_models(hard, hard + gain).sample(frac=1, random_state=0)
    [row] = summarize_differences(shuffled, "a").to_dict("records")
    half = T_975_4 * np.sqrt(0.005 * 0.45)
    assert (row["model"], row["baseline"], row["n_folds"]) == ("b", "a", 5)
    assert row["mean"] == pytest.approx(0.05)
    assert (row["low"], row["high"]) == pytest.approx((0.05 - half, 0.05 + half), abs=1e-6)


def test_a_difference_needs_the_same_folds():
    scores = two_models([0.5] * 5, [0.6] * 5)
    with pytest.raises(ValueError, match=r"baseline must be one of \['a', 'b'\], got 'c'"):
        summarize_differences(scores, "c")
    with pytest.raises(ValueError, match="'b' was not scored in the same folds as 'a'"):
        summarize_differences(scores[:-1], "a")
    with pytest.raises(ValueError, match="'b' was not scored in the same folds as 'a'"):
        summarize_differences(pd.concat([scores, scores[-1:]]), "a")
