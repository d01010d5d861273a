import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from tmdfeat.preprocess import fill_harmonic, fill_nearest

each_fill = pytest.mark.parametrize("fill", [fill_nearest, fill_harmonic])


def holes(shape=(40, 50), share=0.15, seed=0):
    return np.random.default_rng(seed).random(shape) < share


@pytest.mark.parametrize(
    "surface",
    [
        lambda y, x: 3 * y - 2 * x + 1e4,
        lambda y, x: x * y,
        lambda y, x: x**2 - y**2,
        lambda y, x: x**3 - 3 * x * y**2,  # the discrete Laplacian of all four is exactly 0
    ],
)
def test_harmonic_surfaces_are_restored(surface):
    y, x = np.mgrid[:30.0, :40.0]
    z = surface(y, x)
    holed = z.copy()
    holed[10:20, 15:25] = holed[3, 4] = np.nan
    assert_allclose(fill_harmonic(holed), z, atol=1e-12 * np.abs(z).max())


def test_each_filled_pixel_is_the_mean_of_its_neighbours_at_the_border_too():
    missing = holes()
    z = np.random.default_rng(1).normal(size=missing.shape)
    filled = fill_harmonic(np.where(missing, np.nan, z))
    padded = np.pad(filled, 1, constant_values=np.nan)
    around = [padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]]
    assert_allclose(filled[missing], np.nanmean(around, axis=0)[missing], atol=1e-12)


def test_nearest_takes_the_nearest_valid_pixel():
    missing = holes((12, 14))
    z = np.random.default_rng(1).normal(size=missing.shape)
    filled = fill_nearest(np.where(missing, np.nan, z))
    valid = np.argwhere(~missing)
    for at in np.argwhere(missing):
        distance = np.sum((valid - at) ** 2, axis=1)
        nearest = valid[distance == distance.min()]
        assert filled[tuple(at)] in z[tuple(nearest.T)]


@each_fill
def test_valid_pixels_stay_and_the_input_too(fill):
    missing = holes()
    z = np.where(missing, np.nan, np.random.default_rng(1).normal(size=missing.shape))
    before = z.copy()
    filled = fill(z)
    assert_array_equal(filled[~missing], z[~missing])
    assert_array_equal(z, before)
    assert np.isfinite(filled).all()
    assert np.nanmin(z) <= filled.min() <= filled.max() <= np.nanmax(z)


@each_fill
def test_a_complete_map_is_copied(fill):
    z = np.arange(6.0).reshape(2, 3)
    filled = fill(z)
    assert_array_equal(filled, z)
    assert not np.shares_memory(filled, z)


@each_fill
@pytest.mark.parametrize("shape", [(1, 10), (10, 1)])
def test_one_row_or_column_is_filled(fill, shape):
    z = np.full(shape, 2.0)
    z.flat[0] = z.flat[5] = np.nan
    assert_allclose(fill(z), 2.0)


@each_fill
def test_more_than_the_limit_is_refused_with_the_way_out(fill):
    z = np.zeros((10, 10))
    z[:3] = np.nan
    with pytest.raises(ValueError, match=r"30\.0% of the pixels.*max_missing=20%.*Crop"):
        fill(z)
    assert not fill(z, max_missing=0.3).any()


@each_fill
def test_nothing_but_missing_is_refused(fill):
    with pytest.raises(ValueError, match="all 12 are NaN"):
        fill(np.full((3, 4), np.nan), max_missing=1)


@each_fill
@pytest.mark.parametrize("max_missing", [0, -0.1, 1.1, 20])
def test_the_limit_is_a_share(fill, max_missing):
    with pytest.raises(ValueError, match="max_missing must be a number above 0 and up to 1"):
        fill(np.zeros((3, 3)), max_missing)
