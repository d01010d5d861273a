"""Every real file beside the project reads, or says in one sentence why not."""

import numpy as np
import pytest

from tmdfeat import read
from tmdfeat.io import ReadError

NO_SCANS = {
    "LICENSE.SurfaceTopography.md",
    "LICENSE.gwyfile.rst",
    "di_corrupted.di",
    "nonsense_txt_file.txt",
    "wrongnpyfile.npy",
    "xyz-1.txt",
}


def rows_of(path):
    """The numbers of a text file, without any of the reader's code."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]


def test_all_polyelectrolyte_maps_read(shared):
    paths = sorted((shared / "data/polyelectrolyte_afm").rglob("*.txt"))
    assert len(paths) == 38
    for path in paths:
        scan = read(path, z_unit="m")  # the header, where there is one, agrees
        assert scan.shape == (256, 256)
        assert scan.z_unit == "nm"
        corner = [float(v) * 1e9 for v in rows_of(path)[-1][:3]]
        np.testing.assert_allclose(scan.z[-1, :3], corner, rtol=1e-12)
        if "aist" in path.name:  # blank lines instead of a header
            assert scan.pixel_size is None
            assert read(path).z_unit == "relative"
        else:
            assert scan.pixel_size[0] * 256 in (5020.0, 5000.0)
            assert read(path).z_unit == "nm"


def test_a_headerless_map_takes_the_scale_that_is_known(shared):
    path = shared / "data/polyelectrolyte_afm/raw_data/1_layer/PE15aist1.txt"
    scan = read(path, pixel_size=5000 / 256, z_unit="m")
    assert scan.scan_size == (5000.0, 5000.0)
    assert scan.z[0, 0] == pytest.approx(4.5428)


def test_all_barcode_maps_read(shared):
    paths = sorted((shared / "data/barcode_afm").glob("*.txt"))
    assert len(paths) == 18
    for path in paths:
        scan = read(path)
        assert scan.shape == (256, 256)
        assert scan.z_unit == "nm"
        assert 10 < np.ptp(scan.z) < 10_000


def test_all_ferroelectric_scans_read(shared):
    paths = sorted((shared / "data/ferroelectric_afm").glob("*.h5"))
    assert len(paths) == 16
    for path in paths:
        scan = read(path)
        assert scan.meta["channel"] == "HeightRetrace"
        assert scan.z_unit == "nm"
        assert 5 < np.ptp(scan.z) < 2000
        phase = read(path, channel="PhaseRetrace", z_unit="relative")
        assert phase.shape == scan.shape


def test_every_file_of_the_reader_collection_reads_or_is_refused_with_its_name(shared):
    refused = set()
    paths = [path for path in sorted((shared / "data/readers").iterdir()) if path.is_file()]
    assert len(paths) >= 20
    for path in paths:
        try:
            scan = read(path)
        except ReadError as error:
            assert path.name in str(error)  # noqa: PT017
            refused.add(path.name)
        else:
            assert np.isfinite(scan.z).all()
            assert scan.name == path.name
    assert refused == NO_SCANS


@pytest.mark.parametrize("language", ["english", "german"])
def test_gwyddion_exports_read(shared, language):
    scan = read(shared / f"data/readers/gwyddion-export-{language}.txt")
    expected = np.array([[1, 1.5, 3], [-2, -3, -6], [0, 0, 0], [9, 9, 9]]) * 1e9
    np.testing.assert_array_equal(scan.z, expected)
    assert scan.scan_size == pytest.approx((5678.9, 12340.0))
    assert scan.meta["channel"] == "My Channel Name"


def test_all_micrographs_read(shared):
    paths = sorted((shared / "data/uhcs_sem").rglob("*.jpg"))
    assert len(paths) == 600
    for path in paths[::10]:
        scan = read(path)
        assert scan.shape == (475, 645)
        assert scan.z_unit == "relative"
        assert scan.z.max() <= 255
