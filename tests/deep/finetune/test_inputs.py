import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal

from tmdfeat import HeightMap
from tmdfeat.deep import Rendering
from tmdfeat.deep.finetune.inputs import batches, render_all
from tmdfeat.gate import check_images


def maps(n=7):
    """Maps of different sizes."""
    rng = np.random.default_rng(0)
    return [rng.normal(size=(20 + 3 * i, 30 - i)) for i in range(n)]


def test_images_are_rendered_one_by_one_as_rendering_says():
    rendering = Rendering(0, 100)
    grey = render_all(check_images(maps()), rendering, 16)
    assert grey.shape == (7, 1, 16, 16)
    assert grey.dtype == torch.float32
    for place, z in enumerate(maps()):
        by_hand = (z - z.min()) / (z.max() - z.min())
        expected = torch.nn.functional.interpolate(
            torch.tensor(by_hand, dtype=torch.float32)[None, None], (16, 16), mode="bilinear",
            antialias=True,
        )  # fmt: skip
        np.testing.assert_allclose(grey[place], expected[0], atol=1e-6)


@pytest.mark.parametrize(("size", "lengths"), [(3, [3, 3, 1]), (7, [7]), (32, [7]), (1, [1] * 7)])
def test_batches_are_the_same_images_in_order(size, lengths):
    images = check_images(maps())
    parts = list(batches(images, Rendering(), 16, size))
    assert [len(part) for part in parts] == lengths
    assert_array_equal(torch.cat(parts), render_all(images, Rendering(), 16))


def test_flat_maps_are_grey():
    grey = render_all(check_images(np.ones((2, 9, 9))), Rendering(), 8)
    np.testing.assert_allclose(grey, np.full((2, 1, 8, 8), 0.5), rtol=1e-6)


def test_an_image_that_cannot_be_read_is_named():
    bad = maps()
    bad[5][3, 3] = np.nan
    images = check_images(bad)
    with pytest.raises(ValueError, match=r"X\[5\].*NaN"):
        render_all(images, Rendering(), 16)
    with pytest.raises(ValueError, match=r"X\[5\].*NaN"):
        list(batches(images, Rendering(), 16, 3))


def test_no_more_than_two_batches_are_read_ahead():
    seen = []

    def note(image):
        seen.append(1)
        return image

    images = check_images([HeightMap(np.eye(8))] * 100).map(note)
    first = next(iter(batches(images, Rendering(), 8, 10)))
    assert len(first) == 10
    assert len(seen) <= 21
