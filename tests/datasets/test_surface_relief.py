import numpy as np
import pytest
from scipy.ndimage import distance_transform_edt, maximum_filter

from tmdfeat.datasets.surface_layers import Layer
from tmdfeat.datasets.surface_relief import Relief, ridges, rims, roughness, wrinkles


def two_grains():
    grain = np.zeros((40, 60), dtype=np.int32)
    grain[:, 30:] = 1
    grain[:, 50:] = -1
    mask = grain >= 0
    from_edge = np.where(mask, (50 - np.arange(60)) * 2.0, 0).astype(np.float32)
    return Layer(None, mask, grain, from_edge)


def test_rims_follow_free_edges_and_fall_as_a_gaussian():
    z = rims(Relief(rim_height=0.4, rim_width=6.0), two_grains())
    assert z[3, 47] == pytest.approx(0.4 * np.exp(-1), rel=1e-5)  # 6 nm from the edge
    assert (z[:, 50:] == 0).all()
    assert z[:, :30].max() < 1e-6


def test_ridges_follow_boundaries_between_grains_only():
    z = ridges(Relief(ridge_height=0.3, ridge_width=8.0), two_grains(), 2.0)
    assert z[20].argmax() in (29, 30)
    assert z.max() == pytest.approx(0.3)
    assert z[20, 34] == pytest.approx(0.3 * np.exp(-1), rel=0.05)  # 8 nm aside
    assert (z[:, 46:] < 0.01).all()


def test_one_grain_has_no_ridges():
    layer = two_grains()._replace(grain=np.where(two_grains().mask, 0, -1))
    assert (ridges(Relief(ridge_height=0.3), layer, 2.0) == 0).all()


def test_wrinkles_are_ridges_of_the_height_and_width_asked():
    relief = Relief(wrinkle_height=2.0, wrinkle_width=24.0)
    z = wrinkles(relief, (256, 256), 4.0, np.random.default_rng(0))
    assert z.max() == pytest.approx(2.0, rel=0.05)
    assert z.min() >= 0
    # Half of the width from the crest a wrinkle is lower by a factor e.
    inside = distance_transform_edt(z > 2 * np.exp(-1)) * 4.0
    crest = inside[inside == maximum_filter(inside, 3)]
    assert np.median(crest[crest > 0]) == pytest.approx(12.0, abs=4.0)
    assert 0.02 < (z > 1).mean() < 0.3


@pytest.mark.parametrize(("length", "hurst"), [(20.0, 0.4), (40.0, 0.8)])
def test_roughness_is_one_up_to_wavelengths_of_two_pixels(length, hurst):
    relief = Relief(roughness_length=length, hurst=hurst)
    made = [
        roughness(relief, (256, 256), 2.0, np.random.default_rng(seed)).var() for seed in range(10)
    ]
    seen = 1 - (1 + (length / 4) ** 2) ** -hurst  # of the spectrum, up to half a wave per pixel
    assert np.mean(made) == pytest.approx(seen, rel=0.05)


def test_impossible_reliefs_are_refused():
    with pytest.raises(ValueError, match=r"Relief.hurst must be a number from 0.01 to 1, got 0"):
        Relief(hurst=0)
