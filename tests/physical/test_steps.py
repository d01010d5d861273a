import numpy as np
import pytest
from physical.test_steps_ridges import half_plane, stairs

from tmdfeat.physical import Film
from tmdfeat.physical.steps import first_mode, layer_height, second_mode, step_height, step_modes
from tmdfeat.physical.steps_terraces import (
    miscut,
    step_azimuth,
    step_coherence,
    step_density,
    step_regularity,
    terrace_width,
)

PIXEL = 4.0
SAPPHIRE, LAYER = 0.2165, 0.649


def terraced_film(angle=20.0, width=62.0, side=256):
    """A square of film over a staircase, as a plane levels it; the layer is three steps high."""
    z = stairs(width / PIXEL, angle, side, SAPPHIRE)
    film = np.zeros((side, side), bool)
    film[60:190, 70:200] = True
    return z + LAYER * film, film


def test_known_sapphire_gives_its_miscut():
    z = stairs(62.0 / PIXEL, 30.0, 256, SAPPHIRE)
    film = Film(z, PIXEL)
    assert step_height(film) == pytest.approx(SAPPHIRE, abs=0.002)
    assert terrace_width(film) == pytest.approx(62.0, rel=0.01)
    assert miscut(film) == pytest.approx(np.degrees(np.arctan(0.2165 / 62)), rel=0.02)  # 0.20
    assert first_mode(film) == pytest.approx(SAPPHIRE, abs=0.01)
    assert np.isnan(second_mode(film))
    assert np.isnan(layer_height(film))


def test_a_layer_of_three_steps_is_told_from_steps():
    z, _ = terraced_film()
    found = Film(z, PIXEL)
    assert step_height(found) == pytest.approx(SAPPHIRE, abs=0.005)
    assert terrace_width(found) == pytest.approx(62.0, rel=0.02)
    assert layer_height(found) == pytest.approx(LAYER, abs=0.01)
    modes = step_modes(found)
    assert modes[:2] == pytest.approx([SAPPHIRE, LAYER], abs=0.015)
    # Where the film's edge lies on a step both heights add up, or differ.
    for mode in modes[2:]:
        assert min(abs(mode - LAYER - SAPPHIRE), abs(mode - LAYER + SAPPHIRE)) < 0.03


@pytest.mark.parametrize("angle", [0, 45, 110, 200, 333])
def test_the_azimuth_is_where_terraces_ascend(angle):
    z = stairs(62.0 / PIXEL, angle, 256)
    assert (step_azimuth(z, PIXEL) - angle + 180) % 360 - 180 == pytest.approx(0, abs=1.0)


@pytest.mark.parametrize("angle", [0, 30, 45])
def test_the_density_of_straight_steps_is_one_over_their_width(angle):
    z = stairs(62.0 / PIXEL, angle, 256)
    assert step_density(z, PIXEL) == pytest.approx(1000 / 62.0, rel=0.07)
    assert step_coherence(z, PIXEL) == pytest.approx(1, abs=0.02)


def test_steps_around_a_square_prefer_no_direction():
    z = np.zeros((100, 100))
    z[20:80, 20:80] = 1.0
    assert step_coherence(z) == pytest.approx(0, abs=0.02)
    assert step_density(z) == pytest.approx(4 * 60 / 98**2 * 1000, rel=0.03)


def test_regularity_falls_when_terraces_meander():
    straight = stairs(15.0, 0, 256)
    y, x = np.mgrid[:256, :256]
    way = x / 15.0 + 0.5 * np.sin(2 * np.pi * y / 60)
    assert step_regularity(np.floor(way) - way + 0.5) < 0.6 * step_regularity(straight)


def test_a_tilt_and_an_offset_change_no_step():
    z, _ = terraced_film()
    tilted = z + 5.0 + 0.02 * np.linspace(-1, 1, 256)[:, None]
    for function in (step_height, layer_height, terrace_width):
        assert function(tilted, PIXEL) == pytest.approx(function(z, PIXEL), rel=0.02)


def test_heights_are_proportional_and_lengths_in_nm():
    z, _ = terraced_film()
    assert step_height(3 * z, PIXEL) == pytest.approx(3 * step_height(z, PIXEL), rel=1e-3)
    assert layer_height(3 * z, PIXEL) == pytest.approx(3 * layer_height(z, PIXEL), rel=1e-3)
    assert terrace_width(z, 3 * PIXEL) == pytest.approx(3 * terrace_width(z, PIXEL))
    assert step_density(z, 3 * PIXEL) == pytest.approx(step_density(z, PIXEL) / 3)


def test_noise_alone_has_hardly_any_steps():
    rng = np.random.default_rng(0)
    noise = step_density(rng.normal(size=(128, 128)), 1.0)
    edge = half_plane(30, 128) + 0.02 * rng.normal(size=(128, 128))
    assert noise < 5
    assert step_density(edge, 1.0) == pytest.approx(1000 / 128 / np.cos(np.radians(30)), rel=0.1)
