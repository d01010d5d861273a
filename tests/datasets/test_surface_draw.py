import numpy as np
import pytest

from tmdfeat.datasets.class_order import PUBLISHED
from tmdfeat.datasets.scan_instrument import Scanner
from tmdfeat.datasets.scan_sessions import draw_scanner, mount, mount_calmly, mount_none
from tmdfeat.datasets.surface_draw import draw_recipe
from tmdfeat.datasets.surface_presets import PRESETS


def drawn(name, n=150):
    return [draw_recipe(PRESETS[name], np.random.default_rng(seed)) for seed in range(n)]


@pytest.mark.parametrize(
    ("name", "c_axis"),  # bulk lattice constants of the 2H crystals, nm
    [("MoS2", 1.230), ("WS2", 1.234), ("MoSe2", 1.292), ("WSe2", 1.298)],
)
def test_a_layer_is_half_the_c_axis_high(name, c_axis):
    assert PRESETS[name].layer_height == pytest.approx(c_axis / 2, abs=1e-3)


def test_there_is_a_preset_for_each_material():
    assert set(PRESETS) == set(PUBLISHED)


@pytest.mark.parametrize("name", PRESETS)
def test_growths_are_drawn_over_their_ranges(name):
    preset, recipes = PRESETS[name], drawn(name)
    for field in ("truncation", "antiparallel"):
        low, high = getattr(preset, field)
        values = [getattr(recipe.film, field) for recipe in recipes]
        assert low <= min(values) < low + 0.1 * (high - low)
        assert high - 0.1 * (high - low) < max(values) <= high
    first = [recipe.film.coverage[0] for recipe in recipes]
    assert preset.coverage[0] <= min(first) < max(first) <= preset.coverage[1]
    second = np.array([recipe.film.coverage[1] / recipe.film.coverage[0] for recipe in recipes])
    assert (second >= preset.second_layer[0] - 1e-9).all()
    assert (second <= preset.second_layer[1] + 1e-9).all()


@pytest.mark.parametrize("name", PRESETS)
def test_the_share_asked_is_fine_grained(name):
    share, fine = PRESETS[name].fine
    density = np.array([recipe.film.density for recipe in drawn(name)])
    assert PRESETS[name].density[0] <= density.min() < 2 * PRESETS[name].density[0]
    beyond = density > PRESETS[name].density[1]
    assert beyond.mean() == pytest.approx(share, abs=4 * np.sqrt(0.25 / len(density)))
    assert (density[beyond] >= fine[0]).all()
    assert density.max() <= max(fine[1], PRESETS[name].density[1])


def test_scans_of_one_session_share_tip_and_noise_and_differ_in_tilt_and_drift():
    rng = np.random.default_rng(0)
    session = draw_scanner(rng)
    one, other = mount(session, rng), mount(session, rng)
    for name in ("tip_radius", "lag", "noise", "flicker", "digit"):
        assert getattr(one, name) == getattr(other, name) == getattr(session, name)
    for name in ("tilt_rows", "tilt_columns", "bow_columns", "drift_columns", "creep"):
        assert getattr(one, name) != getattr(other, name)


def test_a_calm_scan_has_the_sessions_tip_and_noise_a_third_of_the_tilt_and_no_accidents():
    session = draw_scanner(np.random.default_rng(0))
    calm, whole = (how(session, np.random.default_rng(1)) for how in (mount_calmly, mount))
    for name in ("tip_radius", "lag", "noise", "noise_lag", "row_offset", "digit"):
        assert getattr(calm, name) == getattr(session, name) > 0
    assert 0 < abs(calm.tilt_rows) < abs(whole.tilt_rows) / 3
    accidents = ("flicker", "hum", "bow_rows", "bow_columns", "drift_rows", "drift_columns")
    accidents += ("creep", "scars", "lost_rows")
    for name in accidents:
        assert getattr(calm, name) == 0 != getattr(whole, name)
    assert calm.drop == np.inf


def test_without_an_instrument_nothing_is_wrong():
    rng = np.random.default_rng(0)
    assert mount_none(draw_scanner(rng), rng) == Scanner()


def test_sessions_are_drawn_within_their_ranges():
    drawn = [draw_scanner(np.random.default_rng(seed)) for seed in range(200)]
    radii = [scanner.tip_radius for scanner in drawn]
    assert 2 <= min(radii) < 2.5
    assert 11 < max(radii) <= 12
