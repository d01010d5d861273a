import numpy as np
import pytest
from physical.spatial_surfaces import oblique_sine
from physical.surfaces import egg_crate
from skimage.feature import structure_tensor_eigenvalues

from tmdfeat.physical.texture_tensor import (
    DESCRIPTORS,
    Tensor,
    coherence,
    energy_variation,
    local_coherence,
)

Z = np.random.default_rng(0).normal(size=(24, 30))


def gradients(z, pixel=(1.0, 1.0)):
    """Least-squares plane of each 2x2 cell."""
    y = (z[1:, 1:] + z[1:, :-1] - z[:-1, 1:] - z[:-1, :-1]) / 2 / pixel[0]
    x = (z[1:, 1:] - z[1:, :-1] + z[:-1, 1:] - z[:-1, :-1]) / 2 / pixel[1]
    return y, x


def from_eigenvalues(y, x):
    """Energy and coherence of one piece of gradients."""
    products = [np.mean(p, keepdims=True) for p in (y * y, y * x, x * x)]
    large, small = structure_tensor_eigenvalues(products).ravel()
    return large + small, ((large - small) / (large + small)) ** 2


@pytest.mark.parametrize("pixel", [(1.0, 1.0), (2.0, 3.0)])
def test_coherence_equals_that_of_scikit_images_eigenvalues(pixel):
    assert coherence(Z, pixel) == pytest.approx(from_eigenvalues(*gradients(Z, pixel))[1])


@pytest.mark.parametrize("window", [3, 8, 23])
def test_windows_equal_those_taken_one_by_one(window):
    y, x = gradients(Z)
    pieces = [
        from_eigenvalues(y[i : i + window, j : j + window], x[i : i + window, j : j + window])
        for i in range(23 - window + 1)
        for j in range(29 - window + 1)
    ]
    energy, share = np.transpose(pieces)
    assert local_coherence(Z, window=window) == pytest.approx(np.sum(energy * share) / energy.sum())
    variation = energy.std() / energy.mean()
    assert energy_variation(Z, window=window) == pytest.approx(variation, abs=1e-9)


@pytest.mark.parametrize("angle", np.radians([0, 20, 45, 90]))
def test_stripes_are_coherent_whatever_their_direction(angle):
    z = oblique_sine(16, angle)
    assert coherence(z) == pytest.approx(1)
    for window in (8, 32, 128):
        assert local_coherence(z, window=window) == pytest.approx(1)


def test_an_egg_crate_has_no_direction_in_whole_periods():
    z = egg_crate(16, side=129)
    assert coherence(z) == pytest.approx(0, abs=1e-12)
    assert local_coherence(z, window=32) == pytest.approx(0, abs=1e-9)
    assert energy_variation(z, window=32) == pytest.approx(0, abs=1e-9)


def test_a_cone_has_all_directions_but_one_in_each_place():
    y, x = np.mgrid[:201, :201] - 100.0
    z = np.hypot(x, y)
    assert coherence(z) == pytest.approx(0, abs=1e-12)
    assert local_coherence(z, window=4) > 0.98


def test_white_noise_is_less_coherent_the_larger_the_window():
    z = np.random.default_rng(1).normal(size=(256, 256))
    assert local_coherence(z, window=8) > 10 * local_coherence(z, window=64)
    assert coherence(z) < 1e-3


def test_one_edge_holds_all_energy():
    # 1 of n windows sees it: deviation sqrt(n - 1) in units of the mean.
    z = np.zeros((4, 12))
    z[:, -1] = 1
    assert energy_variation(z, window=3) == pytest.approx(np.sqrt(8))


@pytest.mark.parametrize(
    ("pixel", "defined"), [(12.9, False), (12.7, True), (0.51, True), (0.5, False)]
)
def test_windows_need_three_cells_and_room(pixel, defined):
    z = np.random.default_rng(2).normal(size=(64, 64))  # 63 x 63 cells
    values = [d.compute(z, pixel) for d in DESCRIPTORS if "w32" in d.name]
    assert np.isfinite(values).tolist() == [defined, defined]


def test_a_flat_map_has_no_direction():
    assert np.isnan([d.compute(np.full((200, 200), 0.1)) for d in DESCRIPTORS]).all()


def test_prepared_tensor_gives_the_same_as_the_array():
    assert local_coherence(Tensor(Z), window=8) == local_coherence(Z, window=8)
