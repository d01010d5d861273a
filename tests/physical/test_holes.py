import numpy as np
import pytest

from tmdfeat import HeightMap, PhysicalFeatures
from tmdfeat.physical import compute, select

RNG = np.random.default_rng(0)


def plane_with_hole():
    row, column = np.mgrid[:20.0, :20.0]
    plane = 3.0 * row + 4.0 * column
    holed = plane.copy()
    holed[5:9, 6:12] = np.nan
    return plane, holed


def test_heights_count_only_where_there_are_any():
    z = RNG.normal(size=(16, 16))
    z[3:6, 4:9] = np.nan
    there = z[np.isfinite(z)]
    values = compute(select(names=["Sq", "Sa", "Sz", "Sku"]), z)
    about = there - there.mean()
    sq = np.sqrt(np.mean(about**2))
    expected = [sq, np.mean(abs(about)), np.ptp(there), np.mean(about**4) / sq**4]
    np.testing.assert_allclose(values, expected)


def test_slopes_see_the_hole_spanned_from_its_rim():
    plane, holed = plane_with_hole()
    names = select(names=["Sdq", "Sdr"])
    np.testing.assert_allclose(compute(names, holed), compute(names, plane))
    assert compute(names, plane)[0] == pytest.approx(5.0)


def test_the_smallest_size_is_that_of_the_map_not_of_the_row_of_heights():
    _, holed = plane_with_hole()
    assert np.isfinite(compute(select(names=["Sq"]), holed)).all()


@pytest.mark.parametrize("families", ["height", "all"])
def test_more_than_a_fifth_missing_is_refused_naming_the_map(families):
    z = RNG.normal(size=(64, 64))
    z[:13] = np.nan  # 20.3 %
    maps = [HeightMap(RNG.normal(size=(64, 64)), "nm", 2.0), HeightMap(z, "nm", 2.0, "b.spm")]
    with pytest.raises(ValueError, match=r"X\[1\] \(b.spm\).*NaN.*20% of a map, here 20.3%.*Crop"):
        PhysicalFeatures(families).fit_transform(maps)


def test_a_few_missing_pixels_leave_every_descriptor_defined_where_it_was():
    z = RNG.normal(size=(64, 64)).cumsum(axis=0).cumsum(axis=1) / 20
    holed = z.copy()
    holed[10:12, 20:24] = np.nan
    features = PhysicalFeatures("all")
    whole, with_hole = features.fit_transform([HeightMap(m, "nm", 2.0) for m in (z, holed)])
    np.testing.assert_array_equal(np.isnan(with_hole), np.isnan(whole))
