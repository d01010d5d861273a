import numpy as np
import pytest
from matplotlib import colors
from matplotlib import pyplot as plt

from tmdfeat.plot import plot_materials
from tmdfeat.plot.materials import material_style

FIVE = ["MoS2", "WS2", "WSe2", "MoSe2", "Mo-WSe2"]


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_shape_is_the_metal_and_colour_the_chalcogen():
    shapes, colours = zip(*map(material_style, FIVE), strict=True)
    assert shapes == ("^", "s", "s", "^", "*")
    assert colours == tuple(f"tab:{c}" for c in ("blue", "blue", "green", "green", "green"))


@pytest.mark.parametrize(
    ("material", "style"),
    [
        ("Mo(S1-xSex)2", ("^", "tab:purple")),  # two chalcogens
        ("HfSe2", ("o", "tab:green")),  # a metal without a shape of its own
        ("h-BN", ("*", "tab:gray")),  # no chalcogen
        ("Se", ("o", "tab:green")),  # nothing but
    ],
)
def test_other_materials_have_a_style_too(material, style):
    assert material_style(material) == style


def test_every_point_stands_at_its_place_under_its_own_material():
    rng = np.random.default_rng(0)
    points, materials = rng.normal(size=(50, 2)), rng.choice(FIVE, 50)
    ax = plot_materials(points, materials, names=("PC 3", "PC 7"))
    found = {dots.get_label(): dots for dots in ax.collections}
    assert set(found) == set(materials)
    for material, dots in found.items():
        assert np.array_equal(dots.get_offsets(), points[materials == material])
        colour = colors.to_rgb(material_style(material)[1])
        assert dots.get_facecolor()[0][:3] == pytest.approx(colour)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("PC 3", "PC 7")


def test_the_legend_shows_the_marks_that_were_drawn():
    ax = plot_materials(np.eye(2), ["WS2", "Mo-WSe2"])
    legend = ax.get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["WS2", "Mo-WSe2"]
    assert [line.get_marker() for line in legend.get_lines()] == ["s", "*"]
    assert [line.get_color() for line in legend.get_lines()] == ["tab:blue", "tab:green"]


def test_three_components_for_two_axes_are_refused():
    with pytest.raises(ValueError, match=r"shape \(2, 2\).*got shape \(2, 3\)"):
        plot_materials(np.zeros((2, 3)), ["WS2", "MoS2"])


def test_a_label_that_is_no_formula_is_refused():
    with pytest.raises(ValueError, match="no chemical formula"):
        plot_materials(np.eye(2), ["WS2", "steel"])


def test_draws_where_told():
    left, right = plt.subplots(1, 2)[1]
    assert plot_materials(np.eye(2), ["WS2", "WS2"], ax=right) is right
    assert not left.has_data()
