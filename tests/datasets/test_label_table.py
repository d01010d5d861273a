import pytest

from tmdfeat.datasets.label_table import read_labels


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sub").mkdir()
    for name in ("a.npy", "b.npy", "sub/c.npy"):
        (tmp_path / name).touch()
    return tmp_path


def table(folder, text, encoding="utf-8"):
    path = folder / "labels.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_files_labels_and_groups_are_read_as_text(folder):
    path = table(folder, "file,label,group,note\na.npy,1,01,x\nsub/c.npy,NA,02,\n")
    rows = read_labels(path, folder)
    assert rows["path"].tolist() == [folder / "a.npy", folder / "sub/c.npy"]
    assert rows["label"].tolist() == ["1", "NA"]
    assert rows["group"].tolist() == ["01", "02"]


def test_without_groups_each_file_is_its_own(folder):
    rows = read_labels(table(folder, "label, file\nMoS2, a.npy\nWS2, b.npy\n"), folder)
    assert rows["group"].tolist() == ["a.npy", "b.npy"]


def test_a_byte_order_mark_does_no_harm(folder):
    path = table(folder, "\ufefffile,label\na.npy,x\n")
    assert read_labels(path, folder)["label"].tolist() == ["x"]


def test_spaces_around_entries_and_names_do_no_harm(folder):
    path = table(folder, " file , label , group \na.npy , MoS2 , g1 \nb.npy, MoS2,g1\n")
    rows = read_labels(path, folder)
    assert rows["path"].tolist() == [folder / "a.npy", folder / "b.npy"]
    assert rows[["label", "group"]].to_numpy().tolist() == [["MoS2", "g1"]] * 2


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_tables_of_every_spreadsheet_are_read(folder, separator, end, encoding):
    lines = ["file;label;group", "a.npy;2,5 Schichten Größe;01", "", "b.npy;x;02;", ""]
    lines[1] = 'a.npy;"2,5 Schichten Größe";01'  # quoted, as it holds one of the separators
    path = table(folder, end.join(lines).replace(";", separator), encoding)
    rows = read_labels(path, folder)
    assert rows["label"].tolist() == ["2,5 Schichten Größe", "x"]
    assert rows["group"].tolist() == ["01", "02"]
    assert rows.index.tolist() == [0, 1]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_other_encodings_are_refused_with_the_way_out(folder, encoding):
    path = table(folder, "file,label\na.npy,Größe\n", encoding)
    with pytest.raises(ValueError, match=r"labels\.csv is no text in UTF-8.*Save it as UTF-8"):
        read_labels(path, folder)


@pytest.mark.parametrize("text", ["", " \n\n", ",,\n,,\n"])
def test_an_empty_table_is_an_error_in_words(folder, text):
    with pytest.raises(ValueError, match=r"labels\.csv is empty.*file,label,group"):
        read_labels(table(folder, text), folder)


def test_absolute_paths_are_taken(folder, tmp_path):
    path = table(folder, f"file,label\n{folder / 'a.npy'},x\n")
    assert read_labels(path, folder)["path"].tolist() == [folder / "a.npy"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,label\na.npy,x\n", r"has \['name', 'label'\], and lacks \['file'\]"),
        ("file|label\na.npy|x\n", "separated by commas"),
        ("file,label,file\na.npy,x,b.npy\n", r"columns \['file'\] twice"),
        ("file,label\na.npy,x,y\n", r"line 2 of .* has 3 entries, but there are 2 columns"),
        ("file,label\na.npy,x\n\nb.npy,1,5\n", r"line 4 of .* has 3 entries"),
        ('file,label\na.npy,"x\nb.npy,y\n', r"labels\.csv, line 3: unexpected end of data"),
        ("file,label\na.npy\n", r"empty entries in line\(s\) \[2\]"),
        ("file,label\na.npy,x\n\nb.npy, \n", r"empty entries in line\(s\) \[4\]"),
        ("file,label\na.npy,x\nb.npy,\n", r"empty entries in line\(s\) \[3\]"),
        ("file,label,group\na.npy,x,\nb.npy,y,1\n", r"line\(s\) \[2\]"),
        ("file,label\na.npy,x\na.npy,y\n", r"a.npy twice, with different labels, \['x', 'y'\]"),
        ("file,label\na.npy,x\n./a.npy,y\n", "twice, with different labels"),
        ("file,label\na.npy,x\na.npy,x\n", "twice, with the label 'x'"),
    ],
)
def test_tables_that_are_not_clear_are_refused(folder, text, message):
    with pytest.raises(ValueError, match=message):
        read_labels(table(folder, text), folder)


def test_files_that_do_not_exist_are_listed(folder):
    path = table(folder, "file,label\na.npy,x\nd.npy,y\n")
    with pytest.raises(FileNotFoundError, match=r"names 1 files .* \['d.npy'\]"):
        read_labels(path, folder)


def test_a_missing_table_is_named(folder):
    with pytest.raises(FileNotFoundError, match=r"no label table .*none\.csv"):
        read_labels(folder / "none.csv", folder)
