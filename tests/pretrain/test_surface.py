import numpy as np
import pytest
from families import FAMILIES
from numpy.testing import assert_array_equal
from surface import HIGHEST, draw_surface, standardise
from truth import TRUTH, measure


@pytest.fixture(scope="module")
def surfaces():
    return [draw_surface(64, 3, number) for number in range(400)]


def test_heights_are_standardised_and_nothing_is_missing(surfaces):
    for surface in surfaces:
        z = surface.heights.astype(np.float64)
        assert np.abs(z).max() <= HIGHEST
        assert z.mean() == pytest.approx(0, abs=0.05)
        assert z.std() == pytest.approx(1, abs=0.1)
        assert np.isfinite(surface.truth).all()
        assert surface.truth.shape == (len(TRUTH),)
        assert ((surface.parameters >= 0) & (surface.parameters < 1)).all()


def test_truth_is_that_of_the_heights_as_stored(surfaces):
    stored = surfaces[0].heights.astype(np.float16).astype(np.float32)
    assert_array_equal(measure(stored), surfaces[0].truth)


def test_families_come_equally_often_and_parameters_are_uniform(surfaces):
    counts = np.bincount([s.family for s in surfaces], minlength=len(FAMILIES))
    assert len(counts) == len(FAMILIES)
    expected = 400 / len(FAMILIES)
    assert ((counts - expected) ** 2 / expected).sum() < 100  # chi squared: 53 +- 10
    parameters = np.stack([s.parameters for s in surfaces])
    assert parameters.mean(0) == pytest.approx([0.5] * 3, abs=0.06)


def test_about_37_of_100_are_blended(surfaces):
    assert np.mean([s.blended for s in surfaces]) == pytest.approx(0.37, abs=0.08)


def test_a_number_is_a_surface_whoever_draws_it(surfaces):
    again = draw_surface(64, 3, 250)
    assert_array_equal(again.heights, surfaces[250].heights)
    assert_array_equal(again.truth, surfaces[250].truth)
    assert not np.array_equal(draw_surface(64, 4, 250).heights, again.heights)


def test_outliers_are_cut():
    z = np.zeros((50, 50))
    z[0, 0] = 1
    assert standardise(z).max() == HIGHEST


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_flat_or_missing_heights_are_refused(value):
    with pytest.raises(ValueError, match="finite and not flat"):
        standardise(np.full((8, 8), value))
