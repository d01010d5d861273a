"""What every image -> table transformer must do and scikit-learn's battery cannot see.

Use: ``@pytest.mark.parametrize("check", IMAGE_CHECKS)`` and ``check(transformer)``, with a
transformer that accepts bare arrays.
"""

import pickle

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone

from tmdfeat import HeightMap

TOLERANCE = {"rtol": 1e-3, "atol": 1e-5}  # float32 networks: the batch changes the last digits


SIDE = 72  # small, but no descriptor of the default set finds it too small


def stack(n=5, side=SIDE, seed=0):
    """Rough surfaces in small whole numbers, exact in every dtype."""
    return np.random.default_rng(seed).integers(0, 200, size=(n, side, side)).astype(float)


def run(transformer, X):
    return np.asarray(clone(transformer).fit(X).transform(X))


def refuses_one_2d_image(transformer):
    with pytest.raises(ValueError, match=r"\[X\]"):
        run(transformer, stack()[0])


def refuses_one_heightmap(transformer):
    with pytest.raises(ValueError, match=r"\[X\]"):
        run(transformer, HeightMap(stack()[0]))


def names_the_nan_image(transformer):
    X = stack()
    X[3, : SIDE // 3] = np.nan  # a third: too much to fill, for those that fill small gaps
    with pytest.raises(ValueError, match=r"X\[3\].*NaN"):
        run(transformer, X)


def names_the_infinite_image(transformer):
    X = list(stack())
    X[2][0, 0] = np.inf
    with pytest.raises(ValueError, match=r"X\[2\].*infinite"):
        run(transformer, X)


def refuses_no_images(transformer):
    with pytest.raises(ValueError, match="no images"):
        run(transformer, [])


def refuses_rgb(transformer):
    with pytest.raises(ValueError, match=r"X\[1\].*colour"):
        run(transformer, [stack()[0], np.zeros((SIDE, SIDE, 3))])


def refuses_missing_files(transformer):
    with pytest.raises(FileNotFoundError, match=r"X\[0\].*nowhere"):
        run(transformer, ["nowhere.npy"])


def takes_ragged_lists(transformer):
    ragged = [stack()[0], stack(side=SIDE + 8)[1], stack()[2]]
    out = run(transformer, ragged)
    assert len(out) == 3
    assert_allclose(out[[0, 2]], run(transformer, [ragged[0], ragged[2]]), **TOLERANCE)


def list_equals_stack(transformer):
    X = stack()
    expected = run(transformer, X)
    objects = np.empty(len(X), dtype=object)
    objects[:] = list(X)
    for same in (list(X), tuple(X), objects, pd.Series(list(X)), [HeightMap(z) for z in X]):
        assert_allclose(run(transformer, same), expected, **TOLERANCE)


def dtypes_agree(transformer):
    X = stack()
    expected = run(transformer, X)
    for dtype in (np.uint8, np.uint16, np.int32, np.float32):
        assert_allclose(run(transformer, X.astype(dtype)), expected, **TOLERANCE)


def layout_does_not_matter(transformer, tmp_path):
    X = stack()
    expected = run(transformer, X)
    assert_allclose(run(transformer, np.asfortranarray(X)), expected, **TOLERANCE)
    np.save(tmp_path / "X.npy", X)
    memmap = np.load(tmp_path / "X.npy", mmap_mode="r")
    assert_allclose(run(transformer, memmap), expected, **TOLERANCE)


def files_equal_arrays(transformer, tmp_path):
    X = stack(3)
    paths = [tmp_path / f"{i}.npy" for i in range(3)]
    for path, z in zip(paths, X, strict=True):
        np.save(path, z)
    assert_allclose(run(transformer, paths), run(transformer, X), **TOLERANCE)


def input_stays_as_it_was(transformer):
    X = stack()
    before = X.copy()
    run(transformer, X)
    assert_array_equal(X, before)


def output_is_a_named_table(transformer):
    for candidate in (transformer, clone(transformer)):
        out = clone(candidate).fit(stack()).transform(stack())
        names = candidate.fit(stack()).get_feature_names_out()
        assert out.shape == (5, len(names))
        assert out.dtype.kind == "f"
        assert len(set(names)) == len(names)
        assert not any(set(name) & set("[]<") for name in names)  # XGBoost refuses these


def pandas_output_keeps_names(transformer):
    pandas = clone(transformer).set_output(transform="pandas")
    table = pandas.fit(stack()).transform(stack())
    assert list(table.columns) == list(transformer.fit(stack()).get_feature_names_out())
    assert_allclose(table.to_numpy(), run(transformer, stack()), **TOLERANCE)


def pickle_is_small_and_true(transformer):
    fitted = clone(transformer).fit(stack())
    text = pickle.dumps(fitted)
    assert len(text) < 100_000
    assert_allclose(pickle.loads(text).transform(stack()), fitted.transform(stack()), **TOLERANCE)


def order_of_images_is_kept(transformer):
    X = stack()
    order = [3, 0, 4, 1, 2]
    assert_allclose(run(transformer, X[order]), run(transformer, X)[order], **TOLERANCE)


def constant_images_are_defined(transformer):
    X = stack()
    X[1] = 7.0
    out = run(transformer, X)
    assert_allclose(out[[0, 2]], run(transformer, X[[0, 2]]), **TOLERANCE)
    assert not np.isinf(out[1]).any()


IMAGE_CHECKS = [
    refuses_one_2d_image,
    refuses_one_heightmap,
    names_the_nan_image,
    names_the_infinite_image,
    refuses_no_images,
    refuses_rgb,
    refuses_missing_files,
    takes_ragged_lists,
    list_equals_stack,
    dtypes_agree,
    input_stays_as_it_was,
    output_is_a_named_table,
    pandas_output_keeps_names,
    pickle_is_small_and_true,
    order_of_images_is_kept,
    constant_images_are_defined,
]
FILE_CHECKS = [layout_does_not_matter, files_equal_arrays]  # these also take tmp_path
