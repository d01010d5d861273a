import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from tmdfeat.preprocess import resample, resize_by_area


def rough(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def over_sampled_means(z, shape):
    """Integrate the piecewise constant map on the least common grid, where nothing is split."""
    fine = [np.lcm(n, new) for n, new in zip(z.shape, shape, strict=True)]
    dense = z.repeat(fine[0] // z.shape[0], axis=0).repeat(fine[1] // z.shape[1], axis=1)
    blocks = dense.reshape(shape[0], fine[0] // shape[0], shape[1], fine[1] // shape[1])
    return blocks.mean(axis=(1, 3))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ((24, 36), (8, 9)),
        ((24, 36), (7, 11)),
        ((13, 5), (4, 4)),
        ((6, 6), (9, 14)),
        ((5, 1), (2, 1)),
    ],
)
def test_area_weights_integrate_the_piecewise_constant_map(old, new):
    z = rough(old)
    assert_allclose(resize_by_area(z, new), over_sampled_means(z, new), atol=1e-14)


def test_down_sampling_by_a_whole_number_is_the_block_mean():
    z = rough((12, 20))
    out, pixel_size = resample(z, (2.0, 3.0), (4.0, 12.0))
    assert_allclose(out, z.reshape(6, 2, 5, 4).mean(axis=(1, 3)), atol=1e-14)
    assert pixel_size == (4.0, 12.0)


@pytest.mark.parametrize("pitch", [2.7, 5.0, 11.3, (3.3, 20.0)])
def test_down_sampling_keeps_the_mean_and_the_extent(pitch):
    z = 1e3 + rough((64, 50))
    out, (dy, dx) = resample(z, (2.0, 1.5), pitch)
    assert out.mean() == pytest.approx(z.mean(), rel=1e-13)
    assert (dy * out.shape[0], dx * out.shape[1]) == pytest.approx((128.0, 75.0), rel=1e-14)


def test_the_pitch_reached_is_the_one_that_divides_the_extent():
    out, pixel_size = resample(rough((100, 100)), 1.0, 3.0)
    assert out.shape == (33, 33)
    assert pixel_size == (100 / 33, 100 / 33)


def test_the_same_pitch_changes_nothing():
    z = rough((9, 7))
    out, pixel_size = resample(z, (2.0, 3.0), (2.0, 3.0))
    assert_allclose(out, z, atol=1e-15)
    assert pixel_size == (2.0, 3.0)


def test_linear_up_sampling_is_linear_between_centres_and_constant_beyond():
    out, pixel_size = resample([[0.0, 8.0, 4.0]], (1.0, 4.0), (1.0, 2.0))
    centres = np.array([1.0, 3, 5, 7, 9, 11])
    assert_allclose(out[0], np.interp(centres, [2.0, 6, 10], [0.0, 8, 4]), atol=1e-14)
    assert pixel_size == (1.0, 2.0)


@pytest.mark.parametrize("order", [2, 3, 5])
def test_spline_up_sampling_follows_a_smooth_surface_closer_than_linear(order):
    def surface(n):
        t = (np.arange(n) + 0.5) / n
        return np.sin(5 * np.pi * t)[:, None] + np.cos(3 * np.pi * t)

    truth = surface(180)
    worst = [
        np.abs(resample(surface(60), 3.0, 1.0, k)[0] - truth)[40:-40, 40:-40].max()
        for k in (1, order)
    ]
    assert worst[1] < worst[0] / 20


def test_one_axis_may_shrink_while_the_other_grows():
    z = np.add.outer(np.arange(8.0), np.zeros(4))
    out, pixel_size = resample(z, (1.0, 4.0), 2.0)
    assert_allclose(out, np.add.outer([0.5, 2.5, 4.5, 6.5], np.zeros(8)), atol=1e-13)
    assert pixel_size == (2.0, 2.0)


@pytest.mark.parametrize("n", [37, 49, 224, 255])
@pytest.mark.parametrize("new", [50, 97, 256, 511])
def test_the_number_of_pixels_is_exact(n, new):
    assert resample(np.zeros((2, n)), 1.0, (1.0, n / new))[0].shape == (2, new)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
@pytest.mark.parametrize("pitch", [1.0, 7.0])
def test_other_numbers_give_the_same_float64_and_stay(dtype, pitch):
    z = np.random.default_rng(0).integers(0, 200, (9, 8)).astype(dtype)
    before = z.copy()
    out, _ = resample(z, 2.0, pitch)
    assert out.dtype == np.float64
    assert_array_equal(out, resample(z.astype(float), 2.0, pitch)[0])
    assert_array_equal(z, before)


@pytest.mark.parametrize("shape", [(1, 9), (9, 1), (2, 2)])
def test_flat_and_thin_maps_stay_flat(shape):
    for pitch in (0.4, 1.0, 1.5):
        assert_allclose(resample(np.full(shape, 7.0), 1.0, pitch, 3)[0], 7.0, rtol=1e-12)


def test_missing_pixels_are_refused_with_the_way_out():
    with pytest.raises(ValueError, match=r"1 NaN pixels.*fill_harmonic"):
        resample([[1.0, np.nan]], 1.0, 2.0)


def test_a_pitch_beyond_the_map_is_refused():
    with pytest.raises(ValueError, match=r"pitch of 500 nm is too coarse.*64 nm"):
        resample(np.zeros((32, 32)), 2.0, 500.0)


@pytest.mark.parametrize("pitch", [0, -1.0, np.nan, np.inf, (1, 2, 3), (1.0, 0.0)])
def test_a_pitch_that_is_no_length_is_refused(pitch):
    with pytest.raises(ValueError, match="pitch must be a positive number"):
        resample(np.zeros((4, 4)), 1.0, pitch)


@pytest.mark.parametrize("order", [0, 6, 1.0])
def test_an_order_that_is_none_is_refused(order):
    with pytest.raises(ValueError, match="order must be"):
        resample(np.zeros((4, 4)), 1.0, 0.5, order)
