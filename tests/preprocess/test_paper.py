"""The authors' chain against a literal transcription: loops, written from its definition."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from tmdfeat import HeightMap
from tmdfeat.preprocess import (
    paper_median,
    paper_remove_bow,
    paper_remove_scars,
    paper_resize,
    paper_stretch,
    preset,
)


def literal_least_squares(z, terms):
    matrix = np.column_stack([np.broadcast_to(term, z.shape).ravel() for term in terms])
    return z - (matrix @ np.linalg.lstsq(matrix, z.ravel(), rcond=None)[0]).reshape(z.shape)


def literal_scars(z):
    out = z.copy()
    for y in range(1, len(z) - 1):
        for x in range(z.shape[1]):
            a, b, c = z[y + 1, x], z[y - 1, x], z[y, x]
            if abs(b - a) < 0.5 * abs(c - a):
                out[y, x] = b
    return out


def literal_median(z):
    out = np.empty_like(z)
    for y in range(z.shape[0]):
        for x in range(z.shape[1]):
            up, left = max(y - 1, 0), max(x - 1, 0)  # the border repeats its own pixel
            out[y, x] = sorted([z[y, x], z[up, x], z[y, left], z[up, left]])[2]
    return out


def literal_percentile(z, percent):
    ordered = sorted(z.ravel())
    position = percent / 100 * (len(ordered) - 1)
    below = int(position)
    share = position - below
    return ordered[below] * (1 - share) + ordered[min(below + 1, len(ordered) - 1)] * share


def literal_area_1d(line, new):
    width, out = len(line) / new, []
    for k in range(new):
        start, end = k * width, (k + 1) * width
        total = 0.0
        for source in range(int(start), min(math.ceil(end - 1e-9), len(line))):
            total += line[source] * (min(end, source + 1) - max(start, source))
        out.append(total / width)
    return np.array(out)


def literal_chain(z):
    y, x = (axis.astype(float) for axis in np.mgrid[: z.shape[0], : z.shape[1]])
    z = literal_least_squares(z, [1, x, y])
    z = literal_least_squares(z, [1, x, x**2, y])
    z = literal_scars(z)
    columns = np.arange(z.shape[1])
    z = np.array([row - np.polyval(np.polyfit(columns, row, 2), columns) for row in z])
    z = literal_median(z - np.mean(z))
    z = np.clip(z, literal_percentile(z, 0.5), literal_percentile(z, 99.5))
    z = (z - z.min()) / (z - z.min()).max() * 255
    z = np.apply_along_axis(literal_area_1d, 0, z, 224)
    return np.apply_along_axis(literal_area_1d, 1, z, 224)


def scan(shape, seed=0):
    """Terraces, tilt, bow, row offsets, noise and a scar."""
    rng = np.random.default_rng(seed)
    row, column = np.mgrid[: shape[0], : shape[1]]
    z = 0.2 * np.floor((row + 2 * column) / 40) + 0.03 * row + 1e-4 * (column - 90) ** 2
    z += 0.05 * rng.normal(size=shape) + 0.1 * rng.normal(size=(shape[0], 1))
    z[shape[0] // 3, 20:90] += 3.0
    return z


@pytest.mark.parametrize("shape", [(300, 256), (224, 230), (150, 180)])
def test_the_preset_equals_the_literal_chain(shape):
    z = scan(shape)
    assert_allclose(preset("paper").fit_transform([z])[0].z, literal_chain(z), atol=1e-7)


def test_the_preset_equals_the_literal_chain_on_a_real_scan(shared):
    path = next((shared / "data" / "polyelectrolyte_afm" / "raw_data").glob("*/PE11_3.txt"))
    z = np.loadtxt(path, comments="#", encoding="utf-8") * 1e9
    processed = preset("paper").fit_transform([HeightMap(z, "nm", 5020 / 256)])[0]
    assert_allclose(processed.z, literal_chain(z), atol=1e-6)
    assert processed.z_unit == "relative"
    assert processed.pixel_size == pytest.approx((5020 / 224, 5020 / 224))


def test_bow_leaves_the_cross_term():
    y, x = np.mgrid[:11, :15].astype(float)
    rest = paper_remove_bow(4 + 2 * x - 3 * y + 0.5 * x**2 + 0.1 * x * y)
    cross = 0.1 * (x - 7) * (y - 5)  # what of x y no other term can take
    assert_allclose(rest, cross, atol=1e-11)


def test_scar_filter_reads_the_map_as_it_was():
    # Row by row in place, the second row would have changed what the third compares with.
    z = np.array([[0.0], [10.0], [1.0], [10.5], [11.0]])
    assert_array_equal(paper_remove_scars(z), literal_scars(z))
    assert_array_equal(paper_remove_scars(z), [[0.0], [0.0], [10.0], [10.5], [11.0]])


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (2, 7), (7, 1), (12, 9)])
def test_scar_filter_and_median_equal_their_loops(shape):
    z = np.random.default_rng(0).integers(0, 9, shape).astype(float)
    assert_array_equal(paper_remove_scars(z), literal_scars(z))
    assert_array_equal(paper_median(z), literal_median(z))


def test_stretch_spans_0_to_255_and_keeps_the_order():
    stretched = paper_stretch([[-3.0, 1.0, 5.0]])
    assert_array_equal(stretched, [[0.0, 127.5, 255.0]])


def test_a_flat_map_is_stretched_to_nought():
    assert_array_equal(paper_stretch(np.full((3, 4), 7.0)), np.zeros((3, 4)))


@pytest.mark.parametrize(
    ("shape", "size"),
    [((8, 8), 4), ((8, 4), 4), ((10, 7), 4), ((5, 4), 4), ((4, 4), 7), ((3, 2), 7), ((1, 7), 7)],
)
def test_resize_is_the_area_weighted_mean(shape, size):
    z = np.random.default_rng(0).normal(size=shape)
    rows = np.apply_along_axis(literal_area_1d, 0, z, size)
    expected = np.apply_along_axis(literal_area_1d, 1, rows, size)
    assert_allclose(paper_resize(z, size), expected, atol=1e-14)


def test_resize_of_a_broken_off_scan_mixes_two_pixels_on_the_axis_that_shrinks():
    # 2 rows grow to 4: each twice. 12 columns shrink to 4: of three pixels under a new one
    # the first and second share 1/3 to 2/3, and the third is dropped.
    z = np.vstack([np.arange(12.0), 100 + np.arange(12.0)])
    mixed = np.array([0, 3, 6, 9]) + 2 / 3
    assert_allclose(paper_resize(z, 4), [mixed, mixed, 100 + mixed, 100 + mixed])


@pytest.mark.parametrize(
    "function", [paper_remove_bow, paper_remove_scars, paper_median, paper_stretch, paper_resize]
)
def test_missing_pixels_are_refused_and_the_input_stays(function):
    z = np.random.default_rng(0).normal(size=(9, 8))
    before = z.copy()
    z.flags.writeable = False
    function(z)
    assert_array_equal(z, before)
    with pytest.raises(ValueError, match="1 NaN pixels"):
        function([[1.0, np.nan], [1.0, 2.0]])
