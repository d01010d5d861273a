import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from tmdfeat import HeightMap
from tmdfeat.datasets.scan_instrument import Scanner, scan_surface
from tmdfeat.datasets.surface_ranges import check_ranges
from tmdfeat.preprocess import preset

SURFACE = np.random.default_rng(1).normal(size=(64, 48)).astype(np.float32)


def scan(scanner, surface=SURFACE, seed=0):
    return scan_surface(surface, 4.0, scanner, np.random.default_rng(seed))[0]


def test_by_default_nothing_is_wrong():
    assert_array_equal(scan(Scanner()), SURFACE)


def test_the_surface_itself_is_not_changed():
    before = SURFACE.copy()
    scan(Scanner(noise=1.0, scars=9.0, lost_rows=9.0, tilt_rows=3.0))
    assert_array_equal(SURFACE, before)


def test_tilt_rises_across_the_field_and_bow_lifts_its_middle():
    flat = np.zeros((65, 33), dtype=np.float32)
    tilted = scan(Scanner(tilt_rows=3.0, tilt_columns=-2.0), flat)
    assert_allclose(tilted[-1] - tilted[0], 3.0, atol=1e-5)
    assert_allclose(tilted[:, -1] - tilted[:, 0], -2.0, atol=1e-5)
    bowed = scan(Scanner(bow_rows=1.5, bow_columns=0.5), flat)
    assert bowed[32, 16] == pytest.approx(2.0)
    assert bowed[0, 16] == pytest.approx(0.5)
    assert bowed[0, 0] == pytest.approx(0.0, abs=1e-6)


def test_under_the_tilt_lie_noise_and_row_offsets_of_the_size_asked():
    scanner = Scanner(noise=0.03, row_offset=0.04, tilt_rows=8.0, tilt_columns=-5.0)
    z = scan(scanner, np.zeros((2000, 100), dtype=np.float32)).astype(float)
    rows, columns = np.mgrid[:2000, :100]
    plane = np.column_stack([rows.ravel(), columns.ravel(), np.ones(z.size)])
    fit = np.linalg.lstsq(plane, z.ravel(), rcond=None)[0]
    rest = z - (plane @ fit).reshape(z.shape)
    assert rest.std() == pytest.approx(0.05, rel=0.03)
    assert rest.mean(axis=1).std() == pytest.approx(0.04, rel=0.06)
    assert fit[0] * 1999 == pytest.approx(8.0, abs=0.02)
    assert fit[1] * 99 == pytest.approx(-5.0, abs=0.02)


@pytest.mark.parametrize(("levelling", "atol"), [("plane", 2e-5), ("standard", 2e-4)])
def test_levelling_takes_a_tilt_away(levelling, atol):
    level = preset(levelling).fit_transform
    with_tilt, without = (
        level([HeightMap(scan(scanner), "nm", pixel_size=4.0)])[0].z
        for scanner in (
            Scanner(noise=0.05, row_offset=0.03, tilt_rows=9.0, tilt_columns=-7.0),
            Scanner(noise=0.05, row_offset=0.03),
        )
    )
    assert_allclose(with_tilt, without, atol=atol)


def test_the_papers_levelling_takes_tilt_and_bow_away_up_to_a_few_grey_levels():
    scanners = (
        Scanner(noise=0.05, tilt_rows=5.0, tilt_columns=-4.0, bow_columns=1.0),
        Scanner(noise=0.05),
    )
    rng = np.random.default_rng(0)
    surface = np.cumsum(rng.normal(0, 0.1, (224, 224)), axis=1).astype(np.float32)
    found = [
        preset("paper").fit_transform([HeightMap(scan(s, surface), "nm", pixel_size=4.0)])[0].z
        for s in scanners
    ]
    assert np.median(np.abs(found[0] - found[1])) < 1  # of 255


def test_heights_come_in_digits():
    z = scan(Scanner(digit=0.25))
    assert_allclose(z / 0.25, np.round(z / 0.25), atol=1e-6)
    assert np.abs(z - SURFACE).max() <= 0.125 + 1e-6


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"noise": -0.1}, "Scanner.noise must be a number from 0 to inf, got -0.1"),
        ({"tip_radius": "8"}, "Scanner.tip_radius must be a number"),
        ({"drift_rows": 0.9}, "from -0.5 to 0.5"),
        ({"lag": float("nan")}, "got nan"),
    ],
)
def test_impossible_scanners_are_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        Scanner(**wrong)


def test_ranges_include_their_ends():
    check_ranges(Scanner(drift_rows=0.5), {"drift_rows": (-0.5, 0.5)})
