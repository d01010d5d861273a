import numpy as np
import pytest
from scan_files import saved

from tmdfeat import read
from tmdfeat.io import ReadError

Z = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def write(tmp_path, name, raw):
    (tmp_path / name).write_bytes(raw)
    return tmp_path / name


@pytest.mark.parametrize("dtype", ["u1", "<i2", ">f8", "f4", "f2", "i8"])
def test_npy_reads_any_real_type_without_a_scale(tmp_path, dtype):
    scan = read(write(tmp_path, "a.npy", saved(np.save, Z.astype(dtype))))
    np.testing.assert_array_equal(scan.z, Z)
    assert (scan.z_unit, scan.pixel_size) == ("relative", None)


def test_npy_takes_the_callers_scale(tmp_path):
    scan = read(write(tmp_path, "a.npy", saved(np.save, Z)), pixel_size=2.0, z_unit="um")
    assert scan.scan_size == (4.0, 6.0)
    np.testing.assert_array_equal(scan.z, Z * 1000)


def test_nothing_is_unpickled(tmp_path):
    objects = np.array([[object(), 1.0]], dtype=object)
    with pytest.raises(ReadError, match=r"allow_pickle"):
        read(write(tmp_path, "a.npy", saved(np.save, objects)))
    with pytest.raises(ReadError, match=r"allow_pickle"):
        read(write(tmp_path, "a.npz", saved(np.savez, z=objects)))


def test_a_stack_is_refused(tmp_path):
    with pytest.raises(ReadError, match=r"\(2, 5, 6\)"):
        read(write(tmp_path, "a.npy", saved(np.save, np.zeros((2, 5, 6)))))


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_npz_with_one_array_needs_no_channel(tmp_path, save):
    scan = read(write(tmp_path, "a.npz", saved(save, z=Z)))
    np.testing.assert_array_equal(scan.z, Z)
    assert scan.meta["channel"] == "z"


def test_npz_channels_are_the_arrays(tmp_path):
    path = write(tmp_path, "a.npz", saved(np.savez, height=Z, mask=Z > 3, phase=-Z))
    np.testing.assert_array_equal(read(path, channel="phase").z, -Z)
    for channel in ("heights", None):
        with pytest.raises(ReadError, match=r"'height', 'mask', 'phase'"):
            read(path, channel=channel)


def test_an_empty_npz_is_refused(tmp_path):
    with pytest.raises(ReadError, match=r"a\.npz"):
        read(write(tmp_path, "a.npz", saved(np.savez)))
