import numpy as np
import pytest
from physical.spatial_surfaces import oblique_sine

from tmdfeat.physical.texture_gradient import DESCRIPTORS, gradient_harmonic
from tmdfeat.physical.texture_tensor import Tensor


def harmonics(z, pixel=1.0):
    return [gradient_harmonic(z, pixel, fold) for fold in (2, 4, 6)]


def pyramid(sides, side=301, turn=0.2):
    """Height falls towards so many straight edges."""
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    angles = turn + 2 * np.pi * np.arange(sides) / sides
    z = -np.max([x * np.cos(a) + y * np.sin(a) for a in angles], axis=0)
    return np.maximum(z, -side / 3)  # flat ground, so that the frame cuts no face


@pytest.mark.parametrize("pixel", [(1.0, 1.0), (2.0, 3.0)])
def test_harmonics_equal_the_sum_over_angles(pixel):
    z = np.random.default_rng(0).normal(size=(40, 50))
    y = (z[1:, 1:] + z[1:, :-1] - z[:-1, 1:] - z[:-1, :-1]) / pixel[0]
    x = (z[1:, 1:] - z[1:, :-1] + z[:-1, 1:] - z[:-1, :-1]) / pixel[1]
    length, angle = np.hypot(x, y), np.arctan2(y, x)
    expected = [abs(np.sum(length * np.exp(1j * m * angle))) / length.sum() for m in (2, 4, 6)]
    assert harmonics(z, pixel) == pytest.approx(expected)


@pytest.mark.parametrize("angle", np.radians([0, 20, 45]))
def test_stripes_have_all_folds_whatever_their_direction(angle):
    assert harmonics(oblique_sine(16, angle)) == pytest.approx([1, 1, 1])


@pytest.mark.parametrize(
    ("sides", "expected"), [(3, [0, 0, 1]), (4, [0, 1, 0]), (6, [0, 0, 1]), (12, [0, 0, 0])]
)
def test_pyramids_have_the_folds_of_their_faces(sides, expected):
    assert harmonics(pyramid(sides)) == pytest.approx(expected, abs=0.05)


def test_white_noise_has_none():
    z = np.random.default_rng(1).normal(size=(400, 400))
    assert harmonics(z) == pytest.approx([0, 0, 0], abs=0.02)


def test_a_flat_map_has_no_direction():
    assert np.isnan([d.compute(np.full((20, 20), 0.1)) for d in DESCRIPTORS]).all()


def test_harmonics_take_a_map_or_its_tensor():
    z = np.random.default_rng(2).normal(size=(20, 20))
    assert harmonics(Tensor(z, 2.0)) == harmonics(z, 2.0)
