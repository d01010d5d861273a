import numpy as np
import pytest
from numpy.testing import assert_array_equal

from tmdfeat import HeightMap
from tmdfeat.datasets import load_folder
from tmdfeat.gate import check_images
from tmdfeat.io import ScanFile


def write(folder, names):
    for i, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, np.full((3, 4), float(i)))
    return folder


@pytest.fixture
def folder(tmp_path):
    return write(tmp_path / "scans", ["MoS2/1.npy", "MoS2/s7/2.npy", "WS2/1.npy"])


def test_labels_are_the_subfolders_and_each_file_is_a_group(folder):
    scans = load_folder(folder)
    assert scans.target.tolist() == ["MoS2", "MoS2", "WS2"]
    assert scans.groups.tolist() == ["MoS2/1.npy", "MoS2/s7/2.npy", "WS2/1.npy"]
    assert scans.files == [folder / name for name in scans.groups]
    assert scans.ignored == []


def test_images_are_read_when_needed_with_what_the_caller_knows(folder):
    scans = load_folder(str(folder), pixel_size=2.5, z_unit="um")
    assert all(isinstance(image, ScanFile) for image in scans.images)
    third = check_images(scans.images)[2]
    assert isinstance(third, HeightMap)
    assert (third.z_unit, third.pixel_size) == ("nm", (2.5, 2.5))
    assert_array_equal(third.z, np.full((3, 4), 2000.0))


def test_the_channel_reaches_the_reader(folder):
    np.savez(folder / "WS2" / "3.npz", height=np.eye(4), phase=np.ones((4, 4)))
    scans = load_folder(folder, pattern="*.np*", channel="phase")
    assert scans.images[-1].channel == "phase"
    assert_array_equal(scans.images[-1].read().z, np.ones((4, 4)))


def test_a_table_gives_labels_and_groups(folder, tmp_path):
    table = tmp_path / "labels.csv"
    table.write_text("file,label,group\nWS2/1.npy,rough,g1\nMoS2/1.npy,smooth,g2\n")
    with pytest.warns(UserWarning, match=r"left out 1 files: .*labels\.csv lacks them: .*2\.npy"):
        scans = load_folder(folder, labels=table)
    assert scans.target.tolist() == ["rough", "smooth"]
    assert scans.groups.tolist() == ["g1", "g2"]
    assert scans.ignored == [folder / "MoS2" / "s7" / "2.npy"]


def test_a_table_inside_the_folder_is_no_scan(folder):
    table = folder / "labels.csv"
    lines = [f"{name},{i}" for i, name in enumerate(["MoS2/1.npy", "MoS2/s7/2.npy", "WS2/1.npy"])]
    table.write_text("\n".join(["file,label", *lines]))
    assert load_folder(folder, labels=table).ignored == []


def test_a_table_may_name_files_of_other_suffixes(folder):
    (folder / "WS2" / "1.npy").rename(folder / "WS2" / "1.xyz")
    table = folder / "labels.csv"
    table.write_text("file,label\nMoS2/1.npy,a\nMoS2/s7/2.npy,a\nWS2/1.xyz,b\n")
    assert load_folder(folder, labels=table).files[2].name == "1.xyz"


def test_files_that_are_no_scans_are_left_out_and_listed(folder):
    (folder / "README.txt").touch()
    (folder / "WS2" / "notes.docx").touch()
    with pytest.warns(UserWarning, match=r"left out 2 files: .*no scans.*README\.txt"):
        scans = load_folder(folder)
    assert len(scans.images) == 3
    assert scans.ignored == [folder / "README.txt", folder / "WS2" / "notes.docx"]


def test_scans_beside_the_subfolders_are_left_out_and_listed(folder):
    write(folder, ["lost.npy"])
    with pytest.warns(UserWarning, match=r"lie in no sub-folder: .*lost\.npy"):
        assert load_folder(folder).ignored == [folder / "lost.npy"]


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no folder .*nowhere"):
        load_folder(tmp_path / "nowhere")


def test_a_file_is_no_folder(folder):
    with pytest.raises(NotADirectoryError, match=r"1\.npy is a file"):
        load_folder(folder / "WS2" / "1.npy")


def test_a_folder_without_scans_is_refused(tmp_path):
    with pytest.raises(ValueError, match="found no scans in sub-folders"):
        load_folder(tmp_path)


def test_scans_without_subfolders_are_refused_with_the_way_out(tmp_path):
    with pytest.raises(ValueError, match=r"found no scans in sub-folders.*labels='table\.csv'"):
        load_folder(write(tmp_path, ["1.npy", "2.npy"]))


def test_one_label_only_is_refused(folder):
    with pytest.raises(ValueError, match="all 3 scans have one label, 'scans'"):
        load_folder(folder.parent)


def test_an_empty_table_is_refused(folder):
    (folder / "labels.csv").write_text("file,label\n")
    with pytest.raises(ValueError, match=r"no scans in .*labels\.csv"):
        load_folder(folder, labels=folder / "labels.csv")


def test_real_folders_of_scans_are_listed_and_read(shared):
    scans = load_folder(shared / "data" / "polyelectrolyte_afm" / "raw_data", pixel_size=19.53125)
    counts = dict(zip(*np.unique(scans.target, return_counts=True), strict=True))
    layers = ["1_layer", "2_layers", "3_layers", "4_layers"]
    assert counts == {"no_layers": 3, **dict(zip(layers, [9, 9, 9, 8], strict=True))}
    assert check_images(scans.images)[0].z.shape == (256, 256)
