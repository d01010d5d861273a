import numpy as np
import pytest

from tmdfeat.datasets.materials import MATERIALS, TERRACE_WIDTH, draw_growth


@pytest.mark.parametrize(
    ("name", "c_axis"),  # bulk lattice constants of the 2H crystals, nm
    [("MoS2", 1.230), ("WS2", 1.234), ("MoSe2", 1.292), ("WSe2", 1.298)],
)
def test_a_layer_is_half_the_c_axis_high(name, c_axis):
    assert MATERIALS[name].layer_height == pytest.approx(c_axis / 2, abs=1e-3)


@pytest.mark.parametrize("name", MATERIALS)
def test_growths_are_drawn_within_their_ranges(name):
    material = MATERIALS[name]
    growths = [draw_growth(material, np.random.default_rng(seed)) for seed in range(100)]
    for field in ("density", "coverage", "truncation", "antiparallel", "roughness"):
        low, high = getattr(material, field)
        values = np.array([getattr(growth, field) for growth in growths])
        assert low <= values.min() < low + 0.2 * (high - low)
        assert low + 0.8 * (high - low) < values.max() <= high
    widths = [growth.terrace_width for growth in growths]
    assert TERRACE_WIDTH[0] <= min(widths) < max(widths) <= TERRACE_WIDTH[1]


@pytest.mark.parametrize("name", MATERIALS)
def test_presets_are_possible(name):
    material = MATERIALS[name]
    assert 0 <= material.coverage[0] < material.coverage[1] <= 1
    assert 0 <= material.antiparallel[0] < material.antiparallel[1] <= 1
    assert material.truncation[0] >= 1
