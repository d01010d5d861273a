import numpy as np
import pytest
from hypothesis import given, settings
from physical.every_map import (
    MAPS,
    PIXELS,
    check_dtypes,
    check_every_map,
    check_invariances,
    check_pickles,
    rough_maps,
)
from physical.surfaces import gaussian_surface

from tmdfeat.physical import select
from tmdfeat.physical.quality import (
    aspect,
    pixel_count,
    quantisation_step,
    scan_size,
    tilt_left,
)

FAMILY = select("quality")


def test_the_instrument_is_not_in_the_default_set():
    assert not {d.name for d in FAMILY} & {d.name for d in select("default")}


def test_frame_of_an_oblong_scan():
    z = gaussian_surface(64)[:16]
    assert pixel_count(z) == 16 * 64
    assert scan_size(z, (4.0, 2.0)) == pytest.approx(np.sqrt(64 * 128))
    assert aspect(z, (4.0, 2.0)) == 0.5


@pytest.mark.parametrize("pixel", [1.0, (2.0, 0.5)])
def test_tilt_equals_the_least_squares_plane(pixel):
    z = gaussian_surface(40)[:30] * 5 + 1e3
    dy, dx = np.broadcast_to(pixel, 2)
    y, x = np.mgrid[:30, :40] * np.reshape([dy, dx], (2, 1, 1))
    z += 0.3 * y - 0.4 * x
    columns = np.stack([np.ones(z.size), y.ravel(), x.ravel()], axis=1)
    _, down, right = np.linalg.lstsq(columns, z.ravel(), rcond=None)[0]
    assert tilt_left(z, pixel) == pytest.approx(np.hypot(down, right))


def test_tilt_of_a_plane_and_after_taking_it_off():
    y, x = np.mgrid[:20, :30]
    z = 0.3 * y + 0.4 * x
    assert tilt_left(z) == pytest.approx(0.5)
    assert tilt_left(z - 0.3 * y - 0.4 * x) == pytest.approx(0, abs=1e-12)
    assert tilt_left(np.ones((5, 5))) == 0


@pytest.mark.parametrize("step", [1e-3, 0.25, 7.0])
@pytest.mark.parametrize("offset", [0.0, 0.1, -33.3])
def test_quantisation_step_of_a_converter(step, offset):
    z = np.rint(gaussian_surface(64) * 30) * step + offset
    assert quantisation_step(z) == pytest.approx(step)


def test_rounding_of_one_value_is_no_step():
    heights = np.arange(1, 9) / 10
    z = np.stack([heights, np.nextafter(heights, 1), np.nextafter(heights, 0)])
    assert len(np.unique(z)) == 24
    assert quantisation_step(z) == pytest.approx(0.1)


def test_quantisation_step_is_small_once_heights_are_distinct():
    z = np.rint(gaussian_surface(64) * 30)
    levelled = z - 0.0173 * np.arange(64) - 0.00311 * np.arange(64)[:, None]
    assert quantisation_step(levelled) < 0.05
    assert quantisation_step(np.ones((4, 4))) == 0


@pytest.mark.parametrize("pixel_size", PIXELS, ids=str)
@pytest.mark.parametrize("name", MAPS)
def test_every_legal_map_has_finite_or_undefined_values(name, pixel_size):
    check_every_map(FAMILY, name, pixel_size)


@settings(deadline=None, max_examples=15)
@given(rough_maps)
def test_offset_and_factor(z):
    check_invariances(FAMILY, z, turns=False)


@settings(deadline=None, max_examples=15)
@given(rough_maps)
def test_tilt_step_and_size_do_not_change_when_the_map_is_turned(z):
    check_invariances([d for d in FAMILY if d.name in ("tilt_left", "quantisation_step")], z)


@pytest.mark.parametrize("check", [check_dtypes, check_pickles])
def test_dtypes_and_pickles(check):
    check(FAMILY)
