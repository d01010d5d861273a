import h5py
import numpy as np
import pytest
from scan_files import write_nsid

from tmdfeat import read
from tmdfeat.io import ReadError

# stored x first: 4 columns, 2 rows
STORED = np.array([[1.0, 5.0], [2.0, 6.0], [3.0, 7.0], [4.0, 8.0]]) * 1e-9
ROWS = np.array([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]])  # nm


def write(tmp_path, channels=(("HeightRetrace", "m", STORED),), **options):
    write_nsid(tmp_path / "a.h5", channels, **options)
    return tmp_path / "a.h5"


def test_x_is_the_column_and_y_the_row_however_they_are_stored(tmp_path):
    scan = read(write(tmp_path))
    np.testing.assert_allclose(scan.z, ROWS)
    assert scan.pixel_size == pytest.approx((100.0, 100.0))  # x: 0...300 in 4, y: 0...100 in 2
    turned = write(tmp_path, [("Height", "m", STORED.T)], labels=("y", "x"), extent=(7.0, 30.0))
    np.testing.assert_allclose(read(turned).z, ROWS)
    assert read(turned).pixel_size == pytest.approx((7.0, 10.0))


def test_files_converted_from_igor_have_the_bottom_line_first(tmp_path):
    np.testing.assert_allclose(read(write(tmp_path, igor=True)).z, ROWS[::-1])


def test_single_precision_is_kept(tmp_path):
    scan = read(write(tmp_path, [("Height", "m", STORED.astype(np.float32))]))
    assert scan.z.dtype == np.float32
    np.testing.assert_allclose(scan.z, ROWS, rtol=1e-6)


CHANNELS = [
    ("AmplitudeRetrace", "m", STORED),
    ("HeightTrace", "nm", STORED),
    ("PhaseRetrace", "deg", STORED + 1),
    ("NapPhaseRetrace", "m", STORED + 2),  # what the converter from Igor writes
]


def test_the_height_is_found_among_channels(tmp_path):
    path = write(tmp_path, CHANNELS)
    np.testing.assert_allclose(read(path).z, ROWS * 1e-9)
    np.testing.assert_allclose(read(path, channel="amplituderetrace").z, ROWS)


@pytest.mark.parametrize(("channel", "shift"), [("PhaseRetrace", 1), ("NapPhaseRetrace", 2)])
def test_a_phase_is_only_read_as_plain_numbers(tmp_path, channel, shift):
    path = write(tmp_path, CHANNELS)
    with pytest.raises(ReadError, match=r"no length.*HeightTrace.*z_unit='relative'"):
        read(path, channel=channel)
    np.testing.assert_array_equal(
        read(path, channel=channel, z_unit="relative").z, STORED.T + shift
    )


def test_a_wrong_channel_lists_those_there_are(tmp_path):
    with pytest.raises(ReadError, match=r"no channel 'Z'.*'HeightTrace' in nm"):
        read(write(tmp_path, CHANNELS), channel="Z")


def test_axes_without_a_scale_leave_the_pixel_size_open(tmp_path):
    path = write(tmp_path)
    with h5py.File(path, "a") as file:
        for axis in "xy":
            file[f"Measurement_000/Channel_0/Channel_0/{axis}"].attrs["units"] = "deg"
    assert read(path).pixel_size is None
    assert read(path, pixel_size=3).pixel_size == (3, 3)


def test_hdf5_of_another_layout_is_refused(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["some/data"] = STORED
    with pytest.raises(ReadError, match=r"pyNSID.*/some/data.*h5py"):
        read(tmp_path / "a.h5")


def test_real_channels_equal_what_h5py_reads(shared):
    path = shared / "data/ferroelectric_afm/PZT_thick0009.h5"
    with h5py.File(path) as file:
        stored = file["Measurement_000/Channel_0/Channel_0/Channel_0"][()]
    scan = read(path)
    assert scan.shape == (128, 256)  # ScanLines x ScanPoints
    np.testing.assert_allclose(scan.z[::-1].T, stored * 1e9, rtol=1e-6)
    assert scan.pixel_size == pytest.approx((1000 / 127, 1000 / 255))
