"""Maps of one row or one column, as line scans are: every step gives heights, or says why not."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.signal import detrend

from tmdfeat import HeightMap
from tmdfeat.preprocess import (
    PRESETS,
    AlignRows,
    ClipPercentiles,
    Crop,
    Fill,
    Level,
    PaperBow,
    PaperMedian,
    PaperResize,
    PaperScars,
    PaperStretch,
    RemoveScars,
    Resample,
    preset,
)

PROFILE = np.random.default_rng(0).normal(size=40)
each_line = pytest.mark.parametrize("shape", [(1, 40), (40, 1)], ids=["row", "column"])


def through(step, shape, profile=PROFILE):
    return step.fit_transform([HeightMap(profile.reshape(shape), "nm", 2.0)])[0].z


@each_line
@pytest.mark.parametrize(
    "step",
    [
        Level(3),
        AlignRows("median"),
        AlignRows("median_diff"),
        AlignRows("polynomial", 2),
        RemoveScars(min_length=1),
        ClipPercentiles(),
        Fill("harmonic"),
        Fill("nearest"),
        PaperBow(),
        PaperScars(),
        PaperMedian(),
        PaperStretch(),
        preset("plane"),
        preset("standard"),
    ],
    ids=str,
)
def test_steps_keep_a_line_a_line(step, shape):
    z = through(step, shape)
    assert z.shape == shape
    assert np.isfinite(z).all()


@each_line
@pytest.mark.parametrize("size", [16, 224])
def test_the_papers_square_is_made_of_a_line_too(size, shape):
    assert through(PaperResize(size), shape).shape == (size, size)
    assert np.isfinite(through(PaperResize(size), shape)).all()


@pytest.mark.parametrize("name", PRESETS)
@each_line
def test_presets_take_lines(name, shape):
    assert np.isfinite(through(preset(name), shape)).all()


@each_line
def test_a_plane_through_a_line_is_a_straight_line(shape):
    assert_allclose(through(Level(1), shape).ravel(), detrend(PROFILE), atol=1e-12)


@each_line
def test_a_hole_in_a_line_is_bridged_straight(shape):
    ramp = np.arange(40.0)
    holed = np.where((ramp > 10) & (ramp < 15), np.nan, ramp)
    assert_allclose(through(Fill("harmonic"), shape, holed).ravel(), ramp, atol=1e-12)


def test_each_pixel_of_a_column_is_a_row_of_its_own_to_align():
    assert_array_equal(through(AlignRows("median"), (40, 1)), np.zeros((40, 1)))


def test_rows_of_a_line_have_no_neighbours_to_be_scars_between():
    assert_array_equal(through(RemoveScars(min_length=1), (1, 40)).ravel(), PROFILE)


@pytest.mark.parametrize(
    ("step", "shape", "message"),
    [
        (Crop((2, 2)), (1, 40), r"X\[0\].*has 1 x 40, too few rows"),
        (Crop((2, 2)), (40, 1), r"X\[0\].*has 40 x 1, too few columns"),
        (Crop(1), (1, 40), r"X\[0\].*at least two pixels, got shape \(1, 1\)"),
        (Resample(10.0), (1, 40), r"X\[0\].*too coarse for a map that is 2 nm long"),
        (Resample(10.0), (40, 1), r"X\[0\].*too coarse for a map that is 2 nm long"),
    ],
)
def test_what_cannot_be_cut_or_resampled_is_refused_in_words(step, shape, message):
    with pytest.raises(ValueError, match=message):
        through(step, shape)


@each_line
@pytest.mark.parametrize("order", [1, 3, 5])
def test_a_finer_line_goes_through_two_pixels_where_there_was_one(order, shape):
    z = through(Resample(1.0, order=order), shape)
    assert z.shape == (2 * shape[0], 2 * shape[1])
    assert_allclose(*(z if shape[0] == 1 else z.T), atol=1e-12)
