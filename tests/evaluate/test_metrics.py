import pytest
from sklearn.metrics import balanced_accuracy_score, f1_score

from tmdfeat.evaluate.metrics import accuracy, balanced_accuracy, check_scoring, f1_macro


def test_scores_count_the_classes_in_the_truth_only():
    truth = ["a", "a", "a", "a", "b", "b"]
    predicted = ["a", "a", "a", "b", "b", "d"]  # d is no class of this fold
    assert accuracy(truth, predicted) == pytest.approx(4 / 6)
    assert balanced_accuracy(truth, predicted) == pytest.approx((3 / 4 + 1 / 2) / 2)
    # F1 = 2 tp / (2 tp + fp + fn): a 6/(6+0+1), b 2/(2+1+1)
    assert f1_macro(truth, predicted) == pytest.approx((6 / 7 + 2 / 4) / 2)


def test_a_class_that_cannot_be_predicted_scores_zero_and_counts():
    truth = ["a", "a", "b", "c"]
    predicted = ["a", "a", "b", "b"]  # c was not in the training part
    assert balanced_accuracy(truth, predicted) == pytest.approx((1 + 1 + 0) / 3)
    assert f1_macro(truth, predicted) == pytest.approx((1 + 2 / 3 + 0) / 3)


def test_a_fold_of_one_class_is_scored():
    assert balanced_accuracy(["a", "a"], ["a", "b"]) == pytest.approx(1 / 2)
    assert f1_macro(["a", "a"], ["a", "b"]) == pytest.approx(2 / 3)
    assert f1_macro(["a", "a"], ["b", "b"]) == 0


def test_equal_scikit_learn_where_no_class_is_missing():
    truth = [0, 0, 1, 1, 2, 2, 2]
    predicted = [0, 1, 1, 1, 2, 0, 2]
    assert balanced_accuracy(truth, predicted) == balanced_accuracy_score(truth, predicted)
    assert f1_macro(truth, predicted) == f1_score(truth, predicted, average="macro")


def test_one_name_is_as_good_as_a_list():
    assert check_scoring("accuracy") == ("accuracy",)
    assert check_scoring(["f1_macro", "accuracy"]) == ("f1_macro", "accuracy")


@pytest.mark.parametrize("scoring", [["accuracy", "f2"], []])
def test_unknown_metrics_are_an_error_that_lists_the_known(scoring):
    with pytest.raises(ValueError, match=r"among \['accuracy', 'balanced_accuracy', 'f1_macro'\]"):
        check_scoring(scoring)
