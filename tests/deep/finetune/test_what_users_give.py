"""Labels, images and settings of torch as users have them."""

import numpy as np
import pandas as pd
import pytest
import torch
from deep.finetune.small import LABELS, same_state, small, small_regressor, stripes
from deep.tiny import tiny
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.model_selection import (
    cross_val_score,
)

from tmdfeat import FineTunedCNN, HeightMap
from tmdfeat.deep import FineTunedCNNRegressor

X, Y, GROUPS = stripes(36)
CODES = np.unique(Y, return_inverse=True)[1]


def whole(**parameters):
    """No images held out, so that no groups are needed."""
    return small(**{"validation_fraction": 0, **parameters})


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (pd.Series(Y, index=np.arange(36)[::-1]), sorted(LABELS)),
        (pd.Categorical(Y, categories=["WSe2", "WS2", "MoS2", "unused"]), sorted(LABELS)),
        (pd.array(Y, dtype="string"), sorted(LABELS)),
        (Y.astype(object), sorted(LABELS)),
        (Y.tolist(), sorted(LABELS)),
        (np.char.add(Y, "₂ λ"), ["MoS2₂ λ", "WS2₂ λ", "WSe2₂ λ"]),
        (CODES * 7 - 3, [-3, 4, 11]),
        (CODES.astype(np.uint8), [0, 1, 2]),
        (CODES * 50.0 + 900, [900.0, 950.0, 1000.0]),
        (pd.array(CODES, dtype="Int64"), [0, 1, 2]),
        (Y == "WS2", [False, True]),
        (pd.array(Y == "WS2", dtype="boolean"), [False, True]),
    ],
    ids=lambda v: f"{type(v).__name__}-{getattr(v, 'dtype', '')}" if hasattr(v, "dtype") else None,
)
def test_labels_of_all_kinds_come_back_as_they_were(labels, classes, tmp_path):
    cnn = small(max_epochs=1).fit(X, labels, GROUPS)
    assert cnn.classes_.tolist() == classes
    answers = cnn.predict(X)
    assert set(answers) <= set(classes)
    assert answers.dtype == cnn.classes_.dtype
    assert cnn.score(X, labels) == np.mean(answers == np.asarray(labels))
    cnn.save(tmp_path / "cnn.safetensors")
    loaded = FineTunedCNN.load(tmp_path / "cnn.safetensors", backbone=tiny)
    assert loaded.classes_.dtype == cnn.classes_.dtype
    assert_array_equal(loaded.predict(X), answers)


def test_paths_and_maps_are_the_same_images(tmp_path):
    paths = [str(tmp_path / f"{i}.npy") for i in range(36)]
    for path, z in zip(paths, X, strict=True):
        np.save(path, z)
    expected = small().fit(X, Y, GROUPS)
    for images in (paths, pd.Series(paths, index=range(100, 136)), [HeightMap(z) for z in X]):
        assert same_state(small().fit(images, Y, GROUPS), expected)
    scores = cross_val_score(whole(), pd.Series(paths), Y, cv=3)
    assert_array_equal(scores, cross_val_score(whole(), X, Y, cv=3))


def test_maps_of_different_sizes_learn_together():
    maps = [HeightMap(z[: 20 + i % 7, i % 5 :]) for i, z in enumerate(X)]
    cnn = small().fit(maps, Y, GROUPS)
    assert cnn.predict([X[0], X[1][:10]]).shape == (2,)


def test_output_as_a_table_keeps_the_index_of_the_images():
    images = pd.Series(list(X), index=[f"scan {i}" for i in range(36)])
    cnn = small().set_output(transform="pandas").fit(images, Y, GROUPS)
    table = cnn.transform(images)
    assert table.columns.tolist() == [f"tiny.tuned_{i}" for i in range(8)]
    assert table.index.equals(images.index)
    assert cnn.predict(images).shape == (36,)


@pytest.mark.parametrize("context", [torch.no_grad, torch.inference_mode])
def test_it_learns_where_gradients_are_switched_off(context):
    expected = whole().fit(X, Y).partial_fit(X, Y)
    with context():
        inside = whole().fit(X, Y).partial_fit(X, Y)
    assert same_state(inside, expected)


def test_it_learns_whatever_torchs_default_dtype_is():
    expected = whole().fit(X, Y)
    torch.set_default_dtype(torch.float64)
    try:
        inside = whole().fit(X, Y)
        assert_array_equal(inside.predict_proba(X), expected.predict_proba(X))
    finally:
        torch.set_default_dtype(torch.float32)
    assert same_state(inside, expected)


def test_mixed_precision_learns_and_answers_in_plain_numbers():
    cnn = whole(precision="bfloat16").fit(X, Y)
    assert cnn.transform(X).dtype == np.float32
    assert {value.dtype for value in cnn.state_.values()} == {np.dtype("f4"), np.dtype("i8")}
    assert_allclose(cnn.predict_proba(X).sum(1), 1)
    assert same_state(cnn, whole(precision="bfloat16").fit(X, Y))
    assert not same_state(cnn, whole().fit(X, Y))


def test_values_of_all_kinds_are_learned(tmp_path):
    for values in (CODES, CODES == 1, pd.Series(CODES * 1.0), 1e12 + 1e9 * CODES):
        cnn = small_regressor(max_epochs=1).fit(X, values, GROUPS)
        assert np.isfinite(cnn.predict(X)).all()
        cnn.save(tmp_path / "cnn.safetensors")
        loaded = FineTunedCNNRegressor.load(tmp_path / "cnn.safetensors", backbone=tiny)
        assert_array_equal(loaded.predict(X), cnn.predict(X))
