import math

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from scipy import ndimage

from tmdfeat.deep.finetune.augment import AUGMENTS, SMALLEST_CROP, _rotations, _sampled, augment


def images(n=64, side=8, seed=0):
    return torch.rand(n, 1, side, side, generator=torch.Generator().manual_seed(seed))


def augmented(grey, kind, seed=0):
    return augment(grey, kind, torch.Generator().manual_seed(seed))


def eight(image):
    """The turns and mirror images of a square, by numpy."""
    return [np.rot90(one, k) for one in (image, image[:, ::-1]) for k in range(4)]


def which(image, candidates):
    found = [i for i, candidate in enumerate(candidates) if np.array_equal(image, candidate)]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("kind", AUGMENTS)
def test_shape_dtype_and_the_original_stay(kind):
    grey = images()
    before = grey.clone()
    out = augmented(grey, kind)
    assert out.shape == grey.shape
    assert out.dtype == torch.float32
    assert torch.equal(grey, before)
    assert out.min() >= 0
    assert out.max() <= 1


@pytest.mark.parametrize("kind", AUGMENTS)
def test_one_seed_gives_one_result(kind):
    grey = images()
    assert torch.equal(augmented(grey, kind), augmented(grey, kind))
    if kind:
        assert not torch.equal(augmented(grey, kind), augmented(grey, kind, seed=1))


def test_none_changes_nothing():
    grey = images()
    assert augmented(grey, None) is grey


def test_flips_are_four_images_alike_often():
    image = images(1)[0, 0].numpy()
    out = augmented(torch.as_tensor(image).expand(4000, 1, 8, 8), "flip")
    four = [image, image[::-1], image[:, ::-1], image[::-1, ::-1]]
    counts = np.bincount([which(one[0].numpy(), four) for one in out], minlength=4)
    assert np.abs(counts - 1000).max() < 4 * math.sqrt(4000 * 0.25 * 0.75)


def test_d4_is_eight_images_alike_often():
    image = images(1)[0, 0].numpy()
    out = augmented(torch.as_tensor(image).expand(8000, 1, 8, 8), "d4")
    counts = np.bincount([which(one[0].numpy(), eight(image)) for one in out], minlength=8)
    assert np.abs(counts - 1000).max() < 4 * math.sqrt(8000 * 7 / 64)


def test_every_image_is_drawn_for_itself():
    grey = images(1).expand(32, 1, 8, 8)
    for kind in AUGMENTS[1:]:
        assert len({one.numpy().tobytes() for one in augmented(grey, kind)}) > 2


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_quarter_turns_are_exact(quarters):
    image = images(1)
    turned = _sampled(image, _rotations(torch.tensor([quarters * math.pi / 2])))[0, 0]
    assert_allclose(turned, np.rot90(image[0, 0], quarters), atol=1e-5)


@pytest.mark.parametrize("degrees", [10.0, 37.0, 200.0])
def test_other_turns_are_scipys_with_mirrored_edges(degrees):
    image = torch.rand(1, 1, 32, 32, generator=torch.Generator().manual_seed(0))
    turned = _sampled(image, _rotations(torch.tensor([math.radians(degrees)])))[0, 0]
    expected = ndimage.rotate(
        image[0, 0].numpy().astype(float), degrees, reshape=False, order=1, mode="reflect"
    )
    inside = slice(2, -2)  # interpolation between an edge and its mirror image differs
    assert np.mean(np.abs(turned.numpy() - expected) < 1e-3) > 0.9
    assert_allclose(turned[12:20, 12:20], expected[12:20, 12:20], atol=1e-4)
    assert turned[inside, inside].min() > 0  # nothing black was added


def test_rotations_take_any_angle():
    """A plane wave's direction, by its gradient, goes all around."""
    side = 32
    wave = (torch.arange(side) / side).expand(500, 1, side, side)
    turned = augmented(wave, "rotation")[:, 0, 12:20, 12:20].numpy()
    down, right = np.gradient(turned, axis=(1, 2))
    angle = np.arctan2(down.mean((1, 2)), right.mean((1, 2)))
    counts, _ = np.histogram(angle, bins=4, range=(-math.pi, math.pi))
    assert np.abs(counts - 125).max() < 4 * math.sqrt(500 * 3 / 16)
    assert np.abs(np.cos(4 * angle)).min() < 0.05  # not quarter turns alone


def test_crops_are_windows_inside_the_image():
    """Of a ramp, a window shows its place and side: nothing is mirrored, nothing black."""
    side = 64
    ramp = (torch.arange(side) + 0.5) / side
    both = ramp[:, None] + 10 * ramp
    out = augmented(both.expand(2000, 1, side, side), "crop")[:, 0].numpy()
    middle = slice(1, -1)
    slope_down = np.abs(np.diff(out[:, middle, 30], axis=1)) * side
    slope_right = np.abs(np.diff(out[:, 30, middle], axis=1)) * side / 10
    assert_allclose(slope_down, slope_down[:, :1].repeat(side - 3, 1), atol=2e-3)
    assert_allclose(slope_down[:, 0], slope_right[:, 0], atol=5e-3)  # squares
    sides = slope_down.mean(1)
    assert SMALLEST_CROP - 1e-3 < sides.min() < SMALLEST_CROP + 0.01
    assert 0.99 < sides.max() < 1 + 1e-3
    assert_allclose(sides.mean(), (1 + SMALLEST_CROP) / 2, atol=0.01)


def test_crops_reach_all_edges():
    side = 64
    ramp = ((torch.arange(side) + 0.5) / side).expand(1000, 1, side, side)
    out = augmented(ramp, "crop")[:, 0].numpy()
    low, high = out.min((1, 2)), out.max((1, 2))
    assert low.min() < 0.02
    assert high.max() > 0.98
    assert_allclose(low.mean(), 1 - high.mean(), atol=0.02)  # no side is preferred


@pytest.mark.parametrize("kind", AUGMENTS)
def test_flat_images_stay_flat(kind):
    flat = torch.full((9, 1, 8, 8), 0.5)
    assert_allclose(augmented(flat, kind), flat, atol=1e-6)


@pytest.mark.parametrize("kind", AUGMENTS)
def test_one_image_will_do(kind):
    assert augmented(images(1), kind).shape == (1, 1, 8, 8)
