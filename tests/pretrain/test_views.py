import numpy as np
import pytest
import torch
from scipy import ndimage
from views import (
    RENDERINGS,
    SHARES,
    Draw,
    blurred,
    cut_outs,
    dilated,
    look,
    on_some,
    rows_levelled,
    scanned,
    scarred,
    standardised,
    toned,
)


@pytest.fixture
def maps():
    return np.random.default_rng(0).normal(size=(4, 40, 40)).astype(np.float16)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def a_draw(x):
    return Draw(x, seeded())


def noise(*shape):
    return torch.randn(shape, generator=seeded(7))


def test_cut_outs_are_pieces_of_their_maps_turned_or_flipped(maps):
    cuts = cut_outs(maps, np.array([2, 0, 3]), 24, np.random.default_rng(1))
    side = cuts.shape[-1]
    for cut, i in zip(cuts[:, 0], (2, 0, 3), strict=True):
        windows = np.lib.stride_tricks.sliding_window_view(maps[i], (side, side))
        poses = [np.rot90(p, k) for p in (cut, cut[::-1]) for k in range(4)]
        assert any((windows == pose).all((2, 3)).any() for pose in poses)


def test_zooms_stay_within_their_range_and_within_the_map(maps):
    sides = {
        cut_outs(maps, np.array([0]), 30, np.random.default_rng(s)).shape[-1] for s in range(60)
    }
    assert min(sides) >= 24
    assert 37 <= max(sides) <= 38
    assert cut_outs(maps, np.array([0]), 90, np.random.default_rng(0)).shape[-1] == 40


def test_one_seed_gives_the_same_views_and_another_gives_others(maps):
    cuts = torch.from_numpy(cut_outs(maps, np.arange(4), 32, np.random.default_rng(0)))
    one, two, other = (look(cuts, 32, seeded(s))[0] for s in (3, 3, 4))
    assert torch.equal(one, two)
    assert not torch.allclose(one, other)


def test_views_are_grey_and_finite_also_of_a_flat_surface(maps):
    for cuts in (torch.from_numpy(maps.astype(np.float32)[:, None]), torch.zeros(4, 1, 40, 40)):
        views, rendering = look(cuts, 32, seeded())
        assert views.shape == (4, 1, 32, 32)
        assert views.isfinite().all()
        assert views.min() > 0
        assert views.max() <= 1 + 1e-6
        assert rendering.shape == (4,)


def test_renderings_come_in_their_shares():
    _, rendering = look(noise(200, 1, 20, 20), 20, seeded())
    counts = torch.bincount(rendering, minlength=len(RENDERINGS)) / 200
    np.testing.assert_allclose(counts, SHARES, atol=0.01)


def test_standardised_is_mean_zero_and_deviation_one():
    x = standardised(5 + 3 * noise(2, 1, 50, 50))
    torch.testing.assert_close(x.mean((2, 3)), torch.zeros(2, 1), atol=1e-5, rtol=0)
    torch.testing.assert_close(x.std((2, 3)), torch.ones(2, 1), atol=1e-3, rtol=0)


def test_a_blunt_tip_never_lowers_and_is_grey_dilation():
    x = noise(2, 1, 30, 30)
    wide = dilated(x, a_draw(x))
    assert (wide >= x).all()
    wanted = [ndimage.grey_dilation(x[0, 0].numpy(), size=(k, k)) for k in (3, 5)]
    inner = np.s_[3:-3, 3:-3]
    assert any(np.array_equal(wide[0, 0].numpy()[inner], w[inner]) for w in wanted)


def test_blur_is_a_gaussian_filter():
    x = noise(1, 1, 40, 40)
    found = blurred(x, a_draw(x))[0, 0].numpy()
    sigma = 0.4 * 4 ** float(torch.rand((), generator=seeded()))
    wanted = ndimage.gaussian_filter(x[0, 0].numpy(), sigma, mode="mirror", radius=4)
    np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_a_scanner_adds_planes_bows_and_rows_alone():
    # What is left of a flat surface without the mean of each row is the same in every row: along
    # the rows it is a parabola.
    x = torch.zeros(64, 1, 24, 24)
    left = scanned(x, a_draw(x))
    left = left - left.mean(3, keepdim=True)
    torch.testing.assert_close(left, left[:, :, :1].expand_as(left), atol=1e-5, rtol=0)
    third = left[:, 0, 0].diff(n=3, dim=1)
    torch.testing.assert_close(third, torch.zeros_like(third), atol=1e-5, rtol=0)


def test_scars_shift_pieces_of_rows_by_one_height_for_each_image():
    x = torch.zeros(8, 1, 64, 64)
    for image in scarred(x, a_draw(x)):
        assert len(torch.unique(image)) == 2


def test_levelled_rows_have_mean_zero():
    x = rows_levelled(noise(2, 1, 9, 9), None)
    torch.testing.assert_close(x.mean(3), torch.zeros(2, 1, 9), atol=1e-6, rtol=0)


def test_only_a_share_is_changed():
    x = torch.zeros(40, 1, 4, 4)
    changed = on_some(x, a_draw(x), 0.25, lambda part, draw: part + 1)
    assert changed.mean((1, 2, 3)).sum() == 10


def test_tones_keep_the_order_of_heights():
    x = noise(6, 1, 16, 16)
    y = toned(x, a_draw(x))
    for before, after in zip(x.flatten(1), y.flatten(1), strict=True):
        assert (after[before.argsort()].diff() >= 0).all()
