import numpy as np
import pytest

from tmdfeat import read
from tmdfeat.io import ReadError

ROWS = "1\t2.5\t3\r\n-4e-1\t5\t6\r\n"
Z = np.array([[1, 2.5, 3], [-0.4, 5, 6]])


def header(words, width="6.00 µm", height="400 nm", unit="m"):
    values = ("Height (27)", width, height, unit)
    return "".join(f"# {w}: {v}\r\n" for w, v in zip(words, values, strict=True))


ENGLISH = header(("Channel", "Width", "Height", "Value units"))


def read_text(tmp_path, text, name="a.txt", encoding="utf-8", **options):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return read(path, **options)


@pytest.mark.parametrize(
    "words",
    [
        ("Channel", "Width", "Height", "Value units"),
        ("Канал", "Ширина", "Высота", "Единицы измерения"),
        ("Kanal", "Breite", "Höhe", "Werteinheiten"),
        ("Canal ", "Largeur ", "Hauteur ", "Unités "),
    ],
)
def test_the_header_is_read_in_any_language(tmp_path, words):
    scan = read_text(tmp_path, header(words) + ROWS)
    assert scan.pixel_size == (200.0, 2000.0)
    assert scan.z_unit == "nm"
    np.testing.assert_allclose(scan.z, Z * 1e9)
    assert scan.meta["channel"] == "Height (27)"
    assert scan.meta["unit"] == "m"


@pytest.mark.parametrize(
    ("width", "nm"),
    [
        ("3 m", 3e9),
        ("3 \N{GREEK SMALL LETTER MU}m", 3e3),
        ("3,0 µm", 3e3),
        ("3e3 pm", 3),
        ("3nm", 3),
    ],
)
def test_sizes_come_in_all_units(tmp_path, width, nm):
    words = ("Channel", "Width", "Height", "Value units")
    scan = read_text(tmp_path, header(words, width=width) + ROWS)
    assert scan.pixel_size[1] == pytest.approx(nm / 3)


@pytest.mark.parametrize(("unit", "factor"), [("µm", 1e3), ("nm", 1), ("pm", 1e-3)])
def test_heights_come_in_all_units(tmp_path, unit, factor):
    words = ("Channel", "Width", "Height", "Value units")
    np.testing.assert_allclose(read_text(tmp_path, header(words, unit=unit) + ROWS).z, Z * factor)


def test_blank_lines_instead_of_a_header_leave_the_scale_open(tmp_path):
    scan = read_text(tmp_path, "\r\n" * 4 + "1e-9\t2\r\n3\t4\r\n")
    assert scan.pixel_size is None
    assert scan.z_unit == "relative"
    np.testing.assert_array_equal(scan.z, [[1e-9, 2], [3, 4]])


def test_the_caller_can_give_the_scale(tmp_path):
    scan = read_text(tmp_path, "\r\n" * 4 + "1\t2\r\n3\t4\r\n", pixel_size=19.5, z_unit="m")
    assert scan.pixel_size == (19.5, 19.5)
    np.testing.assert_array_equal(scan.z, [[1e9, 2e9], [3e9, 4e9]])


def test_values_without_a_unit_are_relative(tmp_path):
    words = ("Channel", "Width", "Height", "Value units")
    scan = read_text(tmp_path, header(words, unit="") + ROWS)
    assert scan.z_unit == "relative"
    assert scan.pixel_size == (200.0, 2000.0)


def test_values_in_degrees_are_refused(tmp_path):
    words = ("Channel", "Width", "Height", "Value units")
    with pytest.raises(ReadError, match=r"deg, which is no length"):
        read_text(tmp_path, header(words, unit="deg") + ROWS)


@pytest.mark.parametrize(
    "text",
    [
        "1 2 3.5 4\n5 6 7 8",
        "1\t2\t3,5\t4\n5\t6\t7\t8\n",
        "1;2;3,5;4\n5;6;7;8\n",
        "1,2,3.5,4\n5,6,7,8\n",
        "1, 2, 3.5, 4\n5, 6, 7, 8\n",
        "1,0 2 3,5 4\n5 6 7 8\n",
        "# made by hand\n1 2 3.5 4\n5 6 7 8\n\n\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_matrix_of_numbers_is_read(tmp_path, text, encoding):
    scan = read_text(tmp_path, text, encoding=encoding)
    np.testing.assert_array_equal(scan.z, [[1, 2, 3.5, 4], [5, 6, 7, 8]])
    assert scan.z_unit == "relative"


def test_old_code_pages_are_read(tmp_path):
    scan = read_text(tmp_path, ENGLISH + ROWS, encoding="latin-1")
    assert scan.pixel_size == (200.0, 2000.0)


def test_a_channel_can_be_named(tmp_path):
    assert read_text(tmp_path, ENGLISH + ROWS, channel="Height").shape == (2, 3)
    with pytest.raises(ReadError, match=r"no channel 'Phase'.*Height \(27\)"):
        read_text(tmp_path, ENGLISH + ROWS, channel="Phase")
    with pytest.raises(ReadError, match=r"no channel 'Phase'"):
        read_text(tmp_path, "1 2\n3 4\n", channel="Phase")


def test_a_list_of_points_is_not_read_as_a_map_of_three_columns(tmp_path):
    with pytest.raises(ReadError, match=r"x, y, z"):
        read_text(tmp_path, "0 0 1\n0 1 1\n1 0 2\n1 1 2\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 2\n3\n", "got 1 in row 2 after 2"),
        ("1 2\n3 x\n", "got 'x' in row 2"),
        ("1 2\n3 4\n\n5 6\n", "several: line 3"),
        ("# only: words\n", "no line of numbers"),
        ("1;;3\n4;5;6\n", "got '' in row 1"),
        ("1 2\n\0", "binary"),
        ("7\n", "at least two pixels"),
    ],
)
def test_what_is_no_matrix_is_refused(tmp_path, text, message):
    with pytest.raises(ReadError, match=message) as caught:
        read_text(tmp_path, text)
    assert "a.txt" in str(caught.value)
