"""Every descriptor of the families steps and domains on maps at the edge of what is legal."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from physical.film_scenes import polygon
from physical.surfaces import turned_and_flipped
from physical.test_steps_ridges import stairs
from scipy import ndimage

from tmdfeat.physical import Film, compute, select
from tmdfeat.physical.steps_terraces import step_azimuth

FAMILIES = select(["steps", "domains"])
NAMES = [d.name for d in FAMILIES]
AMOUNTS = {
    "step_density": 0.0,
    "coverage": 0.0,
    "domain_count": 0.0,
    "domain_density": 0.0,
    "boundary_density": 0.0,
    "hole_density": 0.0,
    "layer_fraction_0": 1.0,
    "layer_fraction_1": 0.0,
    "layer_fraction_2": 0.0,
    "layer_fraction_3": 0.0,
}
PROPORTIONAL = {
    "step_height",
    "layer_height",
    "step_mode_1",
    "step_mode_2",
    "island_height",
    "island_volume",
}


def film_map(seed=0, shape=(96, 80)):
    """Blobs of film on noisy terraces."""
    rng = np.random.default_rng(seed)
    blobs = ndimage.gaussian_filter(rng.normal(size=shape), 5.0)
    terraces = stairs(14.0, 30.0, max(shape))[: shape[0], : shape[1]]
    return terraces + 0.65 * (blobs > 0.05) + 0.02 * rng.normal(size=shape)


def values(z, pixel_size=4.0):
    return dict(zip(NAMES, compute(FAMILIES, z, pixel_size), strict=True))


@pytest.mark.parametrize("height", [0.0, 0.1, 1e6])
def test_a_flat_map_has_no_amounts_and_undefined_properties(height):
    for name, value in values(np.full((40, 50), height)).items():
        assert_array_equal(value, AMOUNTS.get(name, np.nan), err_msg=name)


@pytest.mark.parametrize("shape", [(1, 1), (1, 200), (200, 1), (2, 2), (2, 60)])
def test_below_three_pixels_everything_is_undefined(shape):
    assert np.isnan(compute(FAMILIES, np.random.default_rng(0).normal(size=shape))).all()


@pytest.mark.parametrize("shape", [(3, 3), (3, 90), (7, 5), (19, 19), (20, 20), (21, 64)])
@pytest.mark.parametrize("pixel_size", [4.0, (1.0, 30.0)])
def test_small_maps_and_oblong_pixels_give_numbers_or_nan(shape, pixel_size):
    found = compute(FAMILIES, np.random.default_rng(1).normal(size=shape), pixel_size)
    assert not np.isinf(found).any()
    assert np.isfinite(found).any()


@pytest.mark.parametrize("name", NAMES)
def test_each_descriptor_is_defined_on_a_film_with_single_domains(name):
    side = 256
    z = stairs(16.0, 20.0, side)
    for row in (-70, 70):
        for column, turn in ((-70, 20.0), (70, 80.0)):
            z += 0.65 * polygon(3, 40, turn, side, (row, column))
    z -= 0.65 * polygon(3, 30, 20.0, side)  # a pit
    z += 0.02 * np.random.default_rng(2).normal(size=z.shape)
    [descriptor] = select(names=[name])
    if name in ("hole_circularity", "hole_trigonality"):
        z = -z
    assert np.isfinite(descriptor.compute(z, 4.0))


@pytest.mark.parametrize("size", [1e-12, 1e6])
def test_extreme_heights_change_heights_alone(size):
    expected, found = values(film_map()), values(film_map() * size)
    for name in NAMES:
        factor = size if name in PROPORTIONAL else 1.0
        if name == "miscut":
            continue
        assert_allclose(found[name], expected[name] * factor, rtol=1e-5, err_msg=name)


def test_integer_and_single_precision_maps_are_read_as_double():
    z = np.rint(film_map() * 100)
    expected = compute(FAMILIES, z, 4.0)
    assert_array_equal(compute(FAMILIES, z.astype(np.int16), 4.0), expected)
    assert_array_equal(compute(FAMILIES, z.astype(np.float32), 4.0), expected)


def test_a_map_that_is_all_but_one_grain():
    z = np.zeros((60, 60))
    z[1:-1, 1:-1] = 0.65
    found = values(z)
    assert found["domain_count"] == 1
    assert found["coverage"] == pytest.approx((58 / 60) ** 2, abs=0.01)
    assert not np.isinf(list(found.values())).any()


def test_a_spike_is_no_domain():
    z = np.zeros((60, 60))
    z[30, 30] = 100.0
    assert values(z)["domain_count"] == 0


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000), st.floats(-50, 50))
def test_an_offset_changes_nothing(seed, offset):
    z = film_map(seed)
    expected, found = compute(FAMILIES, z, 4.0), compute(FAMILIES, z + offset, 4.0)
    assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 10_000))
def test_quarter_turns_and_flips_change_nothing(seed):
    z = film_map(seed)
    expected = values(z)
    for turned in turned_and_flipped(z):
        for name, value in values(turned).items():
            # Ground as near to one island as to another goes to either; terraces are numbered
            # row by row.
            tolerance = 1e-2 if name.startswith(("island", "layer_height")) else 1e-4
            assert_allclose(value, expected[name], rtol=tolerance, atol=1e-6, err_msg=name)


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 10_000), st.floats(0.01, 100))
def test_heights_are_proportional_and_the_rest_does_not_change(seed, factor):
    z = film_map(seed)
    expected, found = values(z), values(z * factor)
    for name in set(NAMES) - {"miscut"}:
        known = expected[name] * (factor if name in PROPORTIONAL else 1.0)
        assert_allclose(found[name], known, rtol=1e-4, atol=1e-6, err_msg=name)


def test_a_quarter_turn_turns_the_azimuth():
    z = film_map()
    turned = step_azimuth(z.T, 4.0)  # mirrored: 90 degrees minus
    assert (90 - turned - step_azimuth(z, 4.0) + 180) % 360 - 180 == pytest.approx(0, abs=0.1)


def test_a_prepared_film_gives_the_same_as_the_array():
    z, film = film_map(), Film(film_map(), 4.0)
    for descriptor in FAMILIES:
        assert_array_equal(descriptor.function(film), descriptor.function(z, 4.0))
