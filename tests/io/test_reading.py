import itertools
import os
import subprocess
import sys

import numpy as np
import pytest
from scan_files import (
    gwy,
    gwy_field,
    nanoscope,
    nanoscope_image,
    picture,
    saved,
    tiff,
    write_nsid,
)

from tmdfeat import HeightMap, read
from tmdfeat.io import ReadError

Z = np.random.default_rng(0).integers(0, 250, size=(8, 12)).astype(float)
GREY = Z.astype(np.uint8)
FLAT = np.full((8, 12), 100, dtype=np.uint8)  # lossless even in a JPEG


def nsid_bytes(tmp_path):
    write_nsid(tmp_path / "whole.h5", [("Height", "nm", Z.T)])
    return (tmp_path / "whole.h5").read_bytes()


# suffix -> (bytes of a file, the numbers in it)
WHOLE = {
    ".txt": (lambda _: saved(np.savetxt, Z), Z),
    ".npy": (lambda _: saved(np.save, Z), Z),
    ".npz": (lambda _: saved(np.savez_compressed, z=Z), Z),
    ".tif": (lambda _: tiff(GREY, compression="zlib"), Z),
    ".tiff": (lambda _: tiff(Z), Z),
    ".png": (lambda _: picture(GREY, "PNG"), Z),
    ".jpg": (lambda _: picture(FLAT, "JPEG"), FLAT),
    ".bmp": (lambda _: picture(GREY, "BMP"), Z),
    ".spm": (lambda _: nanoscope([nanoscope_image(Z)]), Z * 0.01),
    ".gwy": (lambda _: gwy([("Height", gwy_field(Z, unit_z="nm"))]), Z),
    ".h5": (nsid_bytes, Z),
}


def write(tmp_path, suffix, name=None):
    path = tmp_path / (name or f"scan{suffix}")
    path.write_bytes(WHOLE[suffix][0](tmp_path))
    return path


@pytest.mark.parametrize("suffix", WHOLE)
def test_a_whole_file_is_read(tmp_path, suffix):
    path = write(tmp_path, suffix)
    scan = read(path)
    np.testing.assert_allclose(scan.z, WHOLE[suffix][1], rtol=1e-12)
    assert scan.name == path.name
    assert scan.meta["channel"] in scan.meta["channels"]
    assert scan.meta["format"]


@pytest.mark.parametrize("suffix", [s for s in WHOLE if s != ".txt"])
def test_a_cut_file_is_refused_or_still_whole(tmp_path, suffix):
    raw = WHOLE[suffix][0](tmp_path)
    path = tmp_path / f"cut{suffix}"
    refused = 0
    for size in np.linspace(0, len(raw) - 1, 31).astype(int):
        path.write_bytes(raw[:size])
        try:
            scan = read(path)
        except ReadError as error:
            assert path.name in str(error)  # noqa: PT017
            refused += 1
        else:
            np.testing.assert_allclose(scan.z, WHOLE[suffix][1], rtol=1e-12)
    assert refused >= 20


def test_a_cut_text_is_refused_or_a_smaller_map(tmp_path):
    # Text does not say how many rows there should be, nor how many digits.
    raw, path = saved(np.savetxt, Z), tmp_path / "cut.txt"
    refused = 0
    for size in range(0, len(raw), 37):
        path.write_bytes(raw[:size])
        try:
            z = read(path).z
        except ReadError:
            refused += 1
        else:
            assert z.shape[1] == 12 or len(z) == 1
            np.testing.assert_array_equal(z.ravel()[:-1], Z.ravel()[: z.size - 1])
    assert refused >= 20


# Not HDF5: its library itself can crash on random bytes.
@pytest.mark.parametrize("suffix", [s for s in WHOLE if s != ".h5"])
def test_damaged_bytes_never_end_in_another_exception(tmp_path, suffix):
    raw = WHOLE[suffix][0](tmp_path)
    rng = np.random.default_rng(1)
    path = tmp_path / f"damaged{suffix}"
    for _ in range(40):
        damaged = bytearray(raw)
        for place in rng.integers(0, min(len(raw), 600), size=3):
            damaged[place] = rng.integers(256)
        path.write_bytes(damaged)
        try:
            assert isinstance(read(path, z_unit="relative"), HeightMap)
        except ReadError as error:
            assert path.name in str(error)  # noqa: PT017


PICTURES = {".png", ".jpg", ".bmp"}
ONE_READER = ({".tif", ".tiff"}, PICTURES)
MISLABELLED = [
    (content, label)
    for content, label in itertools.permutations(WHOLE, 2)
    if not any({content, label} <= kinds for kinds in ONE_READER)
]


@pytest.mark.parametrize(("content", "label"), MISLABELLED)
def test_a_mislabelled_file_is_refused(tmp_path, content, label):
    path = write(tmp_path, content, f"scan{label}")
    with pytest.raises(ReadError, match=rf"scan\{label}"):
        read(path)


@pytest.mark.parametrize("content", [".npy", ".npz", ".tif", ".png", ".jpg", ".spm", ".gwy", ".h5"])
def test_a_mislabelled_file_is_told_its_suffix(tmp_path, content):
    path = write(tmp_path, content, "scan.txt")
    with pytest.raises(ReadError, match=rf"looks like a \{content} file"):
        read(path)


@pytest.mark.parametrize("content", [".npy", ".npz", ".tif", ".png", ".jpg", ".spm", ".gwy", ".h5"])
def test_a_file_without_a_suffix_is_known_by_its_content(tmp_path, content):
    scan = read(write(tmp_path, content, "scan"))
    np.testing.assert_allclose(scan.z, WHOLE[content][1], rtol=1e-12)


def test_suffixes_come_in_capitals(tmp_path):
    assert read(write(tmp_path, ".npy", "SCAN.NPY")).shape == Z.shape


def test_a_missing_file_is_not_found(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.spm"):
        read(tmp_path / "nowhere.spm")


def test_a_directory_is_refused(tmp_path):
    with pytest.raises(IsADirectoryError, match=r"one file"):
        read(tmp_path)


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "a.spm").touch()
    with pytest.raises(ReadError, match=r"a\.spm: the file is empty"):
        read(tmp_path / "a.spm")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="this user may read every file")
def test_a_forbidden_file_is_refused(tmp_path):
    path = write(tmp_path, ".npy")
    path.chmod(0)
    with pytest.raises(PermissionError, match=r"scan\.npy"):
        read(path)


@pytest.mark.parametrize("z_unit", ["V", "", "nanometre"])
def test_a_z_unit_that_is_no_length_is_refused(tmp_path, z_unit):
    with pytest.raises(ValueError, match=r"z_unit must be 'relative' or a length unit"):
        read(write(tmp_path, ".npy"), z_unit=z_unit)


@pytest.mark.parametrize("pixel_size", [0, -1.0, (1, 2, 3), float("nan"), "wide"])
def test_a_bad_pixel_size_is_refused(tmp_path, pixel_size):
    with pytest.raises(ValueError, match=r"pixel_size|could not convert"):
        read(write(tmp_path, ".npy"), pixel_size=pixel_size)


@pytest.mark.parametrize("suffix", WHOLE)
def test_a_wrong_channel_is_refused_by_every_reader(tmp_path, suffix):
    with pytest.raises(ReadError, match=r"no channel 'Hieght'. There are: '"):
        read(write(tmp_path, suffix), channel="Hieght")


def test_importing_the_room_loads_no_file_library():
    code = (
        "import sys, tmdfeat.io;"
        "print([m for m in ('tifffile', 'PIL', 'h5py', 'SurfaceTopography') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
