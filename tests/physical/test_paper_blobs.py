"""Blobs against scikit-image, on pictures where values are exactly equal too."""

import numpy as np
import pytest
from physical.literal_paper import dog_blobs
from skimage.feature import blob_dog

from tmdfeat.physical.paper_blobs import count_blobs

Y, X = np.mgrid[:97, :83]
TIES = {
    "stripes along columns": np.sin(2 * np.pi * X / 30) / 2 + 0.5,
    "stripes along rows": np.sin(2 * np.pi * Y / 30) / 2 + 0.5,
    "oblique bars": (X + Y) // 20 % 2 * 1.0,
    "two equal columns": np.exp(-((Y - 48) ** 2 + (X - 40.5) ** 2) / 50),
    "four equal disks": (np.hypot(abs(Y - 48) - 23, abs(X - 41) - 20) < 8) * 1.0,
    "one step": (X > 40) * 1.0,
    "checks": (X // 16 + Y // 16) % 2 * 1.0,
}


def in_the_plane(image):
    return len(blob_dog(image, min_sigma=5, max_sigma=40, threshold=0.001))


@pytest.mark.parametrize("kind", TIES)
def test_equals_scikit_image_where_values_tie(kind):
    image = TIES[kind]
    assert count_blobs(image) == in_the_plane(image)
    assert count_blobs(image, depth=3) == dog_blobs(np.stack([image] * 3, axis=-1))


@pytest.mark.parametrize("seed", range(3))
def test_equals_scikit_image_in_the_plane(seed):
    image = np.random.default_rng(seed).uniform(size=(150, 120))
    assert count_blobs(image) == in_the_plane(image) > 10


def test_one_spot_is_one_blob():
    image = np.exp(-((Y - 48) ** 2 + (X - 40) ** 2) / (2 * 8.0**2))
    assert count_blobs(image) == 1


def test_a_flat_picture_has_none():
    assert count_blobs(np.zeros((20, 30))) == 0
