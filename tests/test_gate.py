import pathlib
import warnings
import weakref

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

from tmdfeat import HeightMap
from tmdfeat import gate as gate_module
from tmdfeat.gate import Images, check_images, name_image
from tmdfeat.io import ReadError, ScanFile

NUMPY_1 = np.lib.NumpyVersion(np.__version__) < "2.0.0"
STACK = np.arange(60.0).reshape(3, 4, 5)


def objects(items):
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


@pytest.fixture
def paths(tmp_path):
    for i, z in enumerate(STACK):
        np.save(tmp_path / f"scan{i}.npy", z)
    return [tmp_path / f"scan{i}.npy" for i in range(3)]


# Every kind of X


@pytest.mark.parametrize(
    "kind",
    [
        np.asarray,
        list,
        tuple,
        lambda X: objects(list(X)),
        lambda X: np.array(list(X), dtype=object),
        lambda X: pd.Series(list(X), index=[7, 5, 9]),
        lambda X: [HeightMap(z) for z in X],
        lambda X: pd.Series([HeightMap(z) for z in X]),
        lambda X: [X[0], HeightMap(X[1]), X[2].tolist()],
        check_images,
    ],
)
def test_arrays_and_height_maps_come_in_every_container(kind):
    images = check_images(kind(STACK))
    assert len(images) == 3
    for image, z in zip(images, STACK, strict=True):
        assert isinstance(image, HeightMap)
        assert_array_equal(image.z, z)
    assert_array_equal(images[1].z, STACK[1])
    assert_array_equal(images[-1].z, STACK[2])


@pytest.mark.parametrize(
    "kind",
    [
        list,
        lambda p: [str(x) for x in p],
        lambda p: np.array([str(x) for x in p]),
        pytest.param(
            lambda p: np.array([str(x) for x in p], dtype=np.dtypes.StringDType()),
            marks=pytest.mark.skipif(NUMPY_1, reason="StringDType came with NumPy 2"),
        ),
        objects,
        lambda p: pd.Series([str(x) for x in p]),
        lambda p: [ScanFile(x) for x in p],
    ],
)
def test_files_come_in_every_container(kind, paths):
    images = check_images(kind(paths))
    assert_array_equal([image.z for image in images], STACK)
    assert images[2].name == "scan2.npy"


def test_sizes_and_kinds_may_differ(paths):
    images = check_images([paths[0], np.zeros((2, 7)), HeightMap(STACK[1], name="b")])
    assert [image.shape for image in images] == [(4, 5), (2, 7), (4, 5)]


def test_scan_files_bring_their_scale(paths):
    image = check_images([ScanFile(paths[0], pixel_size=2.0, z_unit="um")])[0]
    assert image.pixel_size == (2.0, 2.0)
    assert_array_equal(image.z, STACK[0] * 1000)


def test_height_maps_pass_untouched():
    scan = HeightMap(STACK[0], z_unit="nm", pixel_size=1)
    assert check_images([scan])[0] is scan


def test_small_stacks_of_narrow_images_are_no_pictures():
    assert len(check_images(np.zeros((6, 4, 3)))) == 6


# Laziness


@pytest.fixture
def reads(monkeypatch):
    """Names of the files in the order they are read."""
    names = []
    original = gate_module.read

    def counted(path, *args):
        names.append(pathlib.Path(path).name)
        return original(path, *args)

    monkeypatch.setattr(gate_module, "read", counted)
    return names


def test_a_file_is_read_on_access_only_and_again_each_time(paths, reads):
    images = check_images(paths)
    assert len(images) == 3
    assert reads == []
    images[1]
    assert reads == ["scan1.npy"]
    images[1]
    assert reads == ["scan1.npy", "scan1.npy"]


def test_iterating_reads_one_file_at_a_time(paths, reads):
    iterator = iter(check_images(paths))
    next(iterator)
    assert reads == ["scan0.npy"]


def test_maps_are_let_go(paths):
    images = check_images(paths)
    image = weakref.ref(images[0])
    assert image() is None


def test_slices_stay_lazy_and_keep_their_positions(paths, reads):
    part = check_images(paths)[1:]
    assert isinstance(part, Images)
    assert (len(part), reads) == (2, [])
    assert part[0].name == "scan1.npy"
    assert [image.name for image in part[::-1]] == ["scan2.npy", "scan1.npy"]


@pytest.mark.parametrize("kind", [list, np.asarray], ids=["list", "array"])
def test_take_gives_the_images_at_the_places_in_their_order(kind):
    images = check_images(kind(STACK)).map(lambda x: HeightMap(x.z + 1))
    part = images.take(np.array([2, 0, 2, -2]))
    assert isinstance(part, Images)
    assert_array_equal([image.z for image in part], STACK[[2, 0, 2, 1]] + 1)
    assert_array_equal(part[1:].take([0])[0].z, STACK[0] + 1)


def test_take_reads_no_file_and_copies_no_array(paths, reads):
    assert len(check_images(paths).take([2, 1])) == 2
    assert reads == []
    assert np.shares_memory(check_images(STACK).take([2])[0].z, STACK)


def test_what_was_taken_is_named_by_its_position_in_the_whole():
    X = STACK.copy()
    X[2, 0, 0] = np.nan
    with pytest.raises(ValueError, match=r"X\[2\]"):
        check_images(X).take([0, 2]).take([1])[0]


def test_nothing_can_be_taken():
    assert len(check_images(STACK).take([])) == 0


@pytest.mark.parametrize("index", [[True, False, True], [0.0], [[0, 1]], 1])
def test_take_refuses_what_are_no_places_with_the_way_out(index):
    with pytest.raises(TypeError, match=r"1-D sequence of integers.*flatnonzero"):
        check_images(STACK).take(index)


def test_take_refuses_places_beyond_the_end():
    with pytest.raises(IndexError):
        check_images(STACK).take([0, 3])


def test_a_function_is_applied_on_access_in_order(paths, reads):
    images = check_images(paths).map(lambda x: HeightMap(x.z + 1))
    images = images.map(lambda x: HeightMap(x.z * 2))
    assert reads == []
    assert_array_equal(images[1].z, (STACK[1] + 1) * 2)
    assert_array_equal(images[:2][1].z, (STACK[1] + 1) * 2)


def test_map_leaves_the_images_it_comes_from_alone():
    images = check_images(STACK)
    images.map(lambda x: HeightMap(x.z + 1))
    assert_array_equal(images[0].z, STACK[0])


def test_checking_twice_keeps_functions():
    images = check_images(check_images(STACK).map(lambda x: HeightMap(x.z + 1)))
    assert_array_equal(images[0].z, STACK[0] + 1)


def test_positions_beyond_the_end_are_index_errors():
    with pytest.raises(IndexError):
        check_images(STACK)[3]


def test_images_say_what_they_are():
    assert repr(check_images(STACK)) == "Images(3 height maps)"


# What is refused, at once


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        (STACK[0], ValueError, r"one 2-D array of shape \(4, 5\).*\[X\]"),
        (STACK[0, 0], ValueError, r"array of shape \(5,\)"),
        (STACK[None], ValueError, r"array of shape \(1, 3, 4, 5\)"),
        (np.zeros((8, 8, 3)), ValueError, r"RGB picture.*\[X\[\.\.\., 0\]\]"),
        (np.zeros((8, 8, 4)), ValueError, r"RGB picture"),
        ([STACK[0], np.zeros((8, 8, 3))], ValueError, r"X\[1\].*colour picture"),
        (HeightMap(STACK[0]), ValueError, r"one HeightMap.*\[X\]"),
        ("scan.npy", ValueError, r"one str.*\[X\]"),
        (pathlib.Path("scan.npy"), ValueError, r"one \w*Path.*\[X\]"),
        (ScanFile("scan.npy"), ValueError, r"one ScanFile.*\[X\]"),
        (pd.DataFrame({"a": [1]}), ValueError, r"table of shape \(1, 1\).*one column"),
        ([], ValueError, r"no images"),
        ((), ValueError, r"no images"),
        (np.zeros((0, 4, 5)), ValueError, r"no images"),
        (pd.Series([], dtype=object), ValueError, r"no images"),
        (iter(STACK), TypeError, r"list\(X\)"),
        (None, TypeError, r"got NoneType"),
        (7, TypeError, r"got int"),
        ([STACK[0], np.zeros((0, 0))], ValueError, r"X\[1\].*\(0, 0\)"),
        ([STACK[0], np.zeros((1, 1))], ValueError, r"X\[1\].*\(1, 1\)"),
        (np.zeros((2, 1, 1)), ValueError, r"X\[0\].*\(1, 1\)"),
        ([STACK[0], None], TypeError, r"X\[1\].*real numbers"),
        ([STACK[0] > 2], TypeError, r"X\[0\].*real numbers.*dtype bool.*astype\(float\)"),
        (STACK > 2, TypeError, r"X\[0\].*real numbers.*dtype bool.*astype\(float\)"),
        ([STACK[0] + 1j], TypeError, r"X\[0\].*real numbers.*z\.real"),
        ([STACK[0].astype(object)], TypeError, r"X\[0\].*dtype object.*astype\(float\)"),
        (np.full((2, 3, 4), "a", object), TypeError, r"shape \(2, 3, 4\).*more than numbers"),
        (["nowhere.npy"], FileNotFoundError, r"X\[0\].*nowhere\.npy"),
        ([STACK[0], pathlib.Path("nowhere.npy")], FileNotFoundError, r"X\[1\].*nowhere\.npy"),
        ([ScanFile("nowhere.npy")], FileNotFoundError, r"X\[0\].*nowhere\.npy"),
        (np.array(["nowhere.npy"]), FileNotFoundError, r"X\[0\].*nowhere\.npy"),
    ],
)
def test_bad_input_is_refused_with_its_position_and_the_way_out(X, error, message):
    with pytest.raises(error, match=message):
        check_images(X)


class WithGradient:
    """Refuses to become an array as a torch tensor does that carries a gradient."""

    def __array__(self, *_args, **_kwargs):
        raise RuntimeError("Use tensor.detach().numpy() instead.")


@pytest.mark.parametrize(
    ("X", "where"), [([STACK[0], WithGradient()], r"^X\[1\]: "), (WithGradient(), "^")]
)
def test_what_cannot_become_an_array_is_refused_with_its_own_words(X, where):
    with pytest.raises(TypeError, match=where + r"WithGradient cannot.*detach"):
        check_images(X)


def test_a_directory_is_refused_with_the_way_out(tmp_path):
    with pytest.raises(IsADirectoryError, match=r"X\[0\].*load_folder"):
        check_images([tmp_path])


# What is refused on access


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_missing_and_infinite_pixels_are_refused_with_their_position(bad):
    X = STACK.copy()
    X[2, 0, 0] = bad
    images = check_images(X)
    assert_array_equal(images[1].z, X[1])
    with pytest.raises(ValueError, match=r"X\[2\].*1 NaN or infinite pixels of 20.*Fill"):
        images[2]


def test_masked_pixels_of_a_stack_are_missing():
    images = check_images(np.ma.masked_equal(STACK, 27), allow_nan=True)
    assert_array_equal([np.isnan(image.z) for image in images], STACK == 27)


def test_missing_pixels_pass_where_they_are_allowed():
    X = STACK.copy()
    X[0, 0, 0], X[1, 0, 0] = np.nan, np.inf
    images = check_images(X, allow_nan=True)
    assert np.isnan(images[0].z[0, 0])
    with pytest.raises(ValueError, match=r"X\[1\].*1 infinite pixels of 20"):
        images[1]


def test_the_file_is_named_with_its_position(tmp_path):
    z = STACK[0].copy()
    z[0, 0] = np.nan
    np.save(tmp_path / "holes.npy", z)
    with pytest.raises(ValueError, match=r"X\[1\] \(holes\.npy\)"):
        check_images([STACK[0], tmp_path / "holes.npy"])[1]


def test_a_damaged_file_is_refused_on_access(paths):
    paths[1].write_bytes(b"nonsense")
    images = check_images(paths)
    assert images[0].shape == (4, 5)
    with pytest.raises(ReadError, match=r"X\[1\].*scan1\.npy"):
        images[1]


def test_a_file_that_went_away_is_still_a_missing_file(paths):
    images = check_images(paths)
    paths[2].unlink()
    with pytest.raises(FileNotFoundError, match=r"X\[2\].*scan2\.npy"):
        images[2]


def test_slices_name_the_position_in_the_whole():
    X = STACK.copy()
    X[2, 0, 0] = np.nan
    with pytest.raises(ValueError, match=r"X\[2\]"):
        check_images(X)[1:][1]


@pytest.mark.parametrize("error", [ValueError, TypeError, OSError])
def test_what_a_function_raises_is_named_too(error):
    def fails(image):
        raise error("too small")

    with pytest.raises(error, match=r"X\[1\] \(b\): too small"):
        check_images([HeightMap(z, name=n) for z, n in zip(STACK, "abc", strict=True)]).map(fails)[
            1
        ]


def test_positions_are_named_once():
    def fails(image):
        raise ValueError("X[0]: known already")

    with pytest.raises(ValueError, match=r"^X\[0\]: known already$"):
        check_images(STACK).map(fails)[0]


def test_name_image_names_position_and_file():
    assert name_image(3, "") == "X[3]"
    assert name_image(3, "a.spm") == "X[3] (a.spm)"


# Duplicates


@pytest.mark.parametrize(
    "kind", [lambda p: p, str, ScanFile, lambda p: p.parent / "." / ".." / p.parent.name / p.name]
)
def test_one_file_twice_is_warned_of(kind, paths):
    with pytest.warns(UserWarning, match=r"X\[0\] and X\[2\] are one file.*scan0\.npy"):
        check_images([paths[0], paths[1], kind(paths[0])])


def test_equal_arrays_and_different_files_are_not_warned_of(paths):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_images(paths)
        check_images([STACK[0], STACK[0]])
