import numpy as np
import pytest

from tmdfeat.explain import Attribution, share_over_folds


def fold(values, names, classes):
    values = np.asarray(values, dtype=float)
    return Attribution(
        values=values,
        base=np.zeros(len(classes)),
        names=names,
        classes=classes,
        output="margin",
        output_values=values.sum(axis=1),
    )


def test_folds_may_know_different_classes_and_columns():
    # Fold 1, one row: latent 1 and 3 in two classes, mean 2; physical 2 and 2, mean 2.
    first = fold([[[1, -3], [2, 2]]], ("latent__pca_0", "physical__Sq_nm"), ("a", "b"))
    # Fold 2, one row: latent 1 + 1 = 2 in its only class, physical 6.
    second = fold([[[1], [1], [-6]]], ("latent__pca_0", "latent__pca_1", "physical__Sq_nm"), ("b",))
    table = share_over_folds([first, second])
    assert table["share"].to_dict() == pytest.approx({"latent": 4 / 12, "physical": 8 / 12})


def test_one_fold_equals_its_own_share():
    only = fold(np.arange(12.0).reshape(3, 2, 2), ("latent__a", "physical__b"), ("a", "b"))
    assert share_over_folds([only]).equals(only.share("block"))


def test_columns_that_a_fold_lacks_count_nothing_there():
    first = fold([[[1.0]]], ("latent__pca_0",), ("a",))
    second = fold([[[3.0]]], ("latent__pca_1",), ("a",))
    table = share_over_folds([first, second], "column")
    assert table["share"].to_dict() == {"latent__pca_0": 0.25, "latent__pca_1": 0.75}


def test_no_folds_is_an_error():
    with pytest.raises(ValueError, match="at least one fold"):
        share_over_folds([])
