"""The paper family against an independent, literal transcription of its definitions."""

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.ndimage import gaussian_filter

from physical.literal_paper import literal_paper
from tmdfeat.physical import compute, select
from tmdfeat.physical.paper import picture
from tmdfeat.physical.paper_grains import Grains, paper_grain_density, paper_grain_size
from tmdfeat.physical.paper_texture import Cooccurrence, paper_contrast

REAL = (
    "1_layer/PE11_1.txt",
    "2_layers/PE16aist1.txt",
    "3_layers/PE13_1.txt",
    "4_layers/PE22_1.txt",
    "no_layers/PE1_1.txt",
)


def stretched(z):
    """Grey levels 0 to 255, independently of tmdfeat."""
    return (z - z.min()) / (z.max() - z.min()) * 255


def smooth_noise(shape, sigma, seed):
    return gaussian_filter(np.random.default_rng(seed).normal(size=shape), sigma)


def terraces():
    y, x = np.mgrid[:72, :80]
    return np.floor((x + 0.4 * y) / 17) + 0.3 * (np.hypot(y - 30, x - 40) < 14)


SYNTHETIC = {
    "white noise": np.random.default_rng(0).normal(size=(64, 64)),
    "smooth, non-square": smooth_noise((60, 97), 3.0, 1),
    "smooth, wide": smooth_noise((128, 128), 8.0, 2),
    "terraces with exact ties": terraces(),
    "checkerboard": np.indices((40, 40)).sum(axis=0) % 2.0,
    "one bright pixel": np.pad([[1.0]], 20),
    "2x2": np.array([[0.0, 3.0], [7.0, 1.0]]),
    "2x9": smooth_noise((2, 9), 0.5, 3),
    "two levels, all grain but one": np.pad([[0.0]], 20, constant_values=1.0),
}


def assert_equal_to_literal(z, grey):
    descriptors = select("paper")
    expected = literal_paper(grey)
    assert sorted(expected) == sorted(d.column() for d in descriptors)
    values = compute(descriptors, z)
    for descriptor, value in zip(descriptors, values, strict=True):
        wanted = expected[descriptor.column()]
        assert_allclose(value, wanted, rtol=1e-6, atol=1e-12, err_msg=descriptor.name)


@pytest.mark.parametrize("kind", SYNTHETIC)
def test_equals_the_literal_definitions(kind):
    z = SYNTHETIC[kind]
    assert_equal_to_literal(z, stretched(z))


def test_equals_the_literal_definitions_on_a_flat_map():
    assert_equal_to_literal(np.full((20, 30), 4.2), np.zeros((20, 30)))


@pytest.mark.slow
@pytest.mark.parametrize("file", REAL)
def test_equals_the_literal_definitions_on_real_maps(shared, file):
    path = Path(shared) / "data/polyelectrolyte_afm/raw_data" / file
    z = np.loadtxt(path, comments="#", encoding="utf-8") * 1e9
    assert_equal_to_literal(z, stretched(z))
