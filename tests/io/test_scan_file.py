import pickle

import numpy as np

from tmdfeat.io import ScanFile

Z = np.arange(12.0).reshape(3, 4)


def test_it_reads_as_it_was_told(tmp_path):
    np.savez(tmp_path / "a.npz", height=Z, mask=Z)
    file = ScanFile(tmp_path / "a.npz", channel="height", pixel_size=2.0, z_unit="um")
    for same in (file, pickle.loads(pickle.dumps(file))):
        scan = same.read()
        assert scan.pixel_size == (2.0, 2.0)
        np.testing.assert_array_equal(scan.z, Z * 1000)


def test_nothing_is_read_before_it_is_asked_for():
    assert ScanFile("nowhere.npy").path == "nowhere.npy"
