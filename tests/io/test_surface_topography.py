import re
import sys

import numpy as np
import pytest
from PIL import Image
from scan_files import nanoscope, nanoscope_image

from tmdfeat import read
from tmdfeat.io import ReadError
from tmdfeat.io.scan import to_heightmap
from tmdfeat.io.surface_topography import read_other


@pytest.fixture
def without_surface_topography(monkeypatch):
    monkeypatch.setitem(sys.modules, "SurfaceTopography", None)


def test_without_the_extra_the_way_out_is_named(tmp_path, without_surface_topography):
    (tmp_path / "a.ibw").write_bytes(b"some instrument")
    with pytest.raises(ReadError, match=r"a\.ibw.*pip install 'tmdfeat\[formats\]'"):
        read(tmp_path / "a.ibw")


def test_what_it_does_not_know_is_refused(tmp_path):
    (tmp_path / "a.ibw").write_bytes(b"\1\2\3 no instrument wrote this")
    with pytest.raises(ReadError, match=r"a\.ibw.*SurfaceTopography could not read it"):
        read(tmp_path / "a.ibw")


def test_rows_and_columns_are_not_swapped(tmp_path):
    raw = np.array([[0, 1, 2, 3], [4, 5, 6, 10]])  # 0.01 nm each; row 0 is the top
    path = tmp_path / "a.spm"
    path.write_bytes(nanoscope([nanoscope_image(raw, **{"Scan Size": "200 300 nm"})]))
    scan = to_heightmap(read_other(path, None), path, None, None)
    np.testing.assert_allclose(scan.z, raw * 0.01)
    assert scan.pixel_size == pytest.approx((150.0, 50.0))


def header_value(path, key):
    return float(re.search(rf"{key}: ([\d.]+) nm", path.read_bytes().decode("latin-1"))[1])


@pytest.mark.parametrize("name", ["top-1.top", "stp-1.stp"])
def test_wsxm_heights_span_what_their_header_says(shared, name):
    path = shared / "data/readers" / name
    scan = read(path)
    assert np.ptp(scan.z) == pytest.approx(header_value(path, "Z Amplitude"), rel=1e-5)
    assert scan.scan_size == (600.0, 600.0)


def test_igor_pixels_are_as_far_apart_as_the_file_says(shared):
    scan = read(shared / "data/readers/spot_1-1000nm.ibw")
    assert scan.pixel_size == pytest.approx((20000 / 255, 20000 / 255))  # 78.43 nm
    with pytest.raises(ReadError, match=r"no channel 'x'.*'HeightTrace' in m"):
        read(shared / "data/readers/spot_1-1000nm.ibw", channel="x")


def test_a_signal_that_is_no_height_is_only_read_as_plain_numbers(shared):
    path = shared / "data/readers/spot_1-1000nm.ibw"
    with pytest.raises(ReadError, match=r"'PhaseTrace' is in .* no length"):
        read(path, channel="PhaseTrace")
    scan = read(path, channel="PhaseTrace", z_unit="relative")
    assert scan.z_unit == "relative"
    assert scan.pixel_size == pytest.approx((20000 / 255, 20000 / 255))


def test_park_heights_lie_the_way_their_preview_does(shared):
    path = shared / "data/readers/example_ps.tiff"
    heights = read(path).z.reshape(256, 2, 256, 2).mean(axis=(1, 3))
    preview = np.asarray(Image.open(path).convert("L"), dtype=float)
    straight = abs(np.corrcoef(heights.ravel(), preview.ravel())[0, 1])
    for turned in (heights.T, heights[::-1], heights[:, ::-1], heights[::-1, ::-1]):
        assert abs(np.corrcoef(turned.ravel(), preview.ravel())[0, 1]) < straight
    assert straight > 0.9


def test_park_files_need_the_extra(shared, without_surface_topography):
    with pytest.raises(ReadError, match=r"example_ps\.tiff.*tmdfeat\[formats\]"):
        read(shared / "data/readers/example_ps.tiff")
