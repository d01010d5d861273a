import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal
from physical.surfaces import turned_and_flipped
from scipy import ndimage
from skimage.feature import blob_dog

from tmdfeat.physical import compute, select
from tmdfeat.physical.blobs import blob_density, blob_radius, blob_strength
from tmdfeat.physical.blobs_found import RATIO, Blobs

FAMILY = select("blobs")
BUMPY = ndimage.gaussian_filter(np.random.default_rng(0).normal(size=(70, 90)), 2)


def bumps(sigma, places, side=256, height=1.0):
    y, x = np.mgrid[:side, :side]
    squares = (((y - row) ** 2 + (x - column) ** 2) for row, column in places)
    return sum(height * np.exp(-square / (2 * sigma**2)) for square in squares)


def grid(step, side=256):
    ticks = range(step // 2, side, step)
    return [(row, column) for row in ticks for column in ticks]


@pytest.mark.parametrize(("sigma", "step"), [(3.7, 50), (5.0, 64), (8.0, 85), (11.0, 128)])
@pytest.mark.parametrize("sign", [1, -1])
def test_planted_bumps_are_found_with_their_size_and_height(sigma, step, sign):
    places = grid(step)
    z = bumps(sigma, places, height=3.0 * sign)
    of = "bumps" if sign > 0 else "hollows"
    found = Blobs(z, 2.0)
    assert sorted(map(tuple, getattr(found, of)[:, :2] / 2)) == places
    assert blob_density(found, of=of) * (256 * 2) ** 2 / 1e6 == pytest.approx(len(places))
    assert blob_radius(found, of=of) == pytest.approx(np.sqrt(2) * sigma * 2, rel=0.02)
    assert blob_strength(found, of=of) == pytest.approx(3.0, rel=0.05)


def test_bumps_are_those_of_skimage_where_they_are_far_apart():
    places = grid(64)
    z = bumps(5.0, places) + 0.5 * bumps(3.0, [(row + 32, column + 32) for row, column in places])
    other = blob_dog(z, min_sigma=2, max_sigma=20, sigma_ratio=RATIO, threshold=0.1)
    found = Blobs(z).bumps
    strong = found[found[:, 3] * z.std() * (RATIO - 1) / (RATIO + 1) / (RATIO - 1) > 0.1]
    assert sorted(map(tuple, strong[:, :2])) == sorted(map(tuple, other[:, :2]))


def test_a_map_with_twice_the_pixels_has_the_same_blobs():
    coarse = bumps(5.0, grid(64, 256))
    fine = bumps(10.0, grid(128, 512), side=512)
    assert len(Blobs(fine).bumps) == len(Blobs(coarse).bumps)
    assert blob_radius(fine, 1.0) == pytest.approx(blob_radius(coarse, 2.0), rel=0.005)


def test_non_square_pixels_see_round_bumps_where_they_are_round():
    z = bumps(6.0, grid(64))[::2]  # rows twice as far apart
    assert len(Blobs(z, (2.0, 1.0)).bumps) == 16
    assert blob_radius(z, (2.0, 1.0)) == pytest.approx(np.sqrt(2) * 6, rel=0.02)


def test_of_two_bumps_on_one_another_the_stronger_stays():
    wide, narrow = bumps(10.0, [(128, 128)]), bumps(3.7, [(128, 132)])
    for z, sigma in [(wide + 5 * narrow, 3.7), (5 * wide + narrow, 10.0)]:
        found = Blobs(z).bumps
        assert len(found) == 1
        assert found[0, 2] == pytest.approx(np.sqrt(2) * sigma, rel=0.1)


# ---- what holds for every descriptor of the family


@settings(deadline=None, max_examples=10)
@given(
    hnp.arrays(np.int16, (9, 11), elements=st.integers(-1000, 1000)),
    st.integers(-500, 500),
)
def test_offset_quarter_turns_and_flips_change_nothing(coarse, offset):
    rough = np.random.default_rng(1).normal(size=(72, 88))  # no two places are equal
    z = ndimage.gaussian_filter(np.kron(coarse, np.ones((8, 8))) + rough, 1.5)
    expected = compute(FAMILY, z)
    for same in [z + float(offset), *turned_and_flipped(z)]:
        assert_allclose(compute(FAMILY, same), expected, rtol=1e-6, atol=1e-9)


def test_heights_follow_a_factor_and_numbers_do_not():
    factors = [8.0 if d.unit in ("nm", "1/nm") and d.needs[0] == "z_nm" else 1.0 for d in FAMILY]
    assert_allclose(compute(FAMILY, 8 * BUMPY), compute(FAMILY, BUMPY) * factors)


def test_numbers_follow_the_pixel_size():
    power = {"1/um2": -2, "1/nm": -2, "nm": 0}
    factors = [2.0 ** (1 if d.unit_px == "px" else power[d.unit]) for d in FAMILY]
    assert_allclose(compute(FAMILY, BUMPY, 2.0), compute(FAMILY, BUMPY) * factors)


@pytest.mark.parametrize("size", [1e-12, 1e6])
def test_extreme_heights_neither_vanish_nor_overflow(size):
    factors = [size if "z_nm" in d.needs else 1.0 for d in FAMILY]
    assert_allclose(compute(FAMILY, BUMPY * size), compute(FAMILY, BUMPY) * factors, rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.int16, np.float32])
def test_whole_numbers_and_single_precision_give_the_same(dtype):
    z = np.round(BUMPY * 1000)
    assert_allclose(compute(FAMILY, z.astype(dtype)), compute(FAMILY, z))


@pytest.mark.parametrize("height", [0.0, 0.1, -7e5])
def test_a_flat_map_has_no_blobs_of_any_kind(height):
    names = ("bump", "hollow", "log_bump", "log_hollow")
    undefined = {f"{of}_{what}" for of in names for what in ("radius", "strength")}
    for d, value in zip(FAMILY, compute(FAMILY, np.full((80, 64), height)), strict=True):
        assert np.isnan(value) if d.name in undefined | {"Spc", "Svc"} else value == 0, d.name


@pytest.mark.parametrize("shape", [(1, 8), (2, 2), (3, 3), (9, 2), (63, 200), (64, 64)])
def test_small_maps_are_legal(shape):
    z = np.random.default_rng(7).normal(size=shape)
    values = compute(FAMILY, z)
    if min(shape) > 1:
        assert_array_equal([d.compute(z) for d in FAMILY], values)
    assert not np.isinf(values).any()
    large = [np.isfinite(v) for d, v in zip(FAMILY, values, strict=True) if d.minimum == (64, 64)]
    assert all(large) if min(shape) == 64 else not any(large)


def test_a_map_that_is_all_one_grain():
    values = compute(FAMILY, np.pad(np.ones((100, 100)), 2))
    assert not np.isinf(values).any()
