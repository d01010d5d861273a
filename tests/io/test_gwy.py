import struct

import numpy as np
import pytest
from scan_files import component, gwy, gwy_field, gwy_object

from tmdfeat import read
from tmdfeat.io import ReadError

Z = np.array([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]) * 1e-9


def write(tmp_path, raw):
    (tmp_path / "a.gwy").write_bytes(raw)
    return tmp_path / "a.gwy"


def test_heights_and_pixel_size_come_in_nm(tmp_path):
    scan = read(write(tmp_path, gwy([("Height", gwy_field(Z))])))
    np.testing.assert_allclose(scan.z, Z * 1e9)
    assert scan.pixel_size == pytest.approx((500.0, 500.0))  # 1 µm over 2 rows, 2 µm over 4
    assert scan.z_unit == "nm"


def test_rows_are_rows(tmp_path):
    scan = read(write(tmp_path, gwy([("a", gwy_field(Z, size=(8e-9, 8e-9)))])))
    assert scan.pixel_size == pytest.approx((4.0, 2.0))


def test_files_read_the_same_with_surface_topography(tmp_path):
    from SurfaceTopography import open_topography

    path = write(tmp_path, gwy([("Height", gwy_field(Z))]))
    peer = open_topography(str(path)).topography()
    assert peer.unit == "m"
    np.testing.assert_allclose(read(path).z, peer.heights().T * 1e9)
    np.testing.assert_allclose(read(path).scan_size[::-1], np.multiply(peer.physical_sizes, 1e9))


def test_channels_are_titles(tmp_path):
    fields = [("Phase", gwy_field(Z, unit_z="deg")), ("Amplitude", gwy_field(Z + 1))]
    fields += [("Height", gwy_field(Z)), ("Height", gwy_field(Z + 2))]
    path = write(tmp_path, gwy(fields))
    np.testing.assert_allclose(read(path).z, Z * 1e9)
    np.testing.assert_allclose(read(path, channel="Height (2)").z, (Z + 2) * 1e9)
    np.testing.assert_array_equal(read(path, channel="Phase", z_unit="relative").z, Z)
    with pytest.raises(ReadError, match=r"no channel 'x'.*'Phase' in deg, 'Amplitude' in m"):
        read(path, channel="x")
    with pytest.raises(ReadError, match=r"in deg, which is no length"):
        read(path, channel="Phase")


def test_without_units_the_scale_is_open(tmp_path):
    path = write(tmp_path, gwy([("a", gwy_field(Z, unit_xy="", unit_z=""))]))
    assert (read(path).z_unit, read(path).pixel_size) == ("relative", None)
    np.testing.assert_allclose(read(path, z_unit="m").z, Z * 1e9)


def test_every_type_of_component_is_stepped_over(tmp_path):
    others = [
        component("flag", "b", b"\1"),
        component("letter", "c", b"x"),
        component("number", "i", struct.pack("<i", -1)),
        component("long", "q", struct.pack("<q", 2)),
        component("real", "d", struct.pack("<d", 0.5)),
        component("text", "s", "höhe\0".encode()),
        component("bytes", "C", struct.pack("<I", 2) + b"ab"),
        component("numbers", "I", struct.pack("<3I", 2, 1, 2)),
        component("longs", "Q", struct.pack("<IQ", 1, 1)),
        component("texts", "S", struct.pack("<I", 2) + b"a\0b\0"),
        component("objects", "O", struct.pack("<I", 2) + gwy_object("A") + gwy_object("B")),
        component("/7/data", "o", gwy_field(Z)),
    ]
    scan = read(write(tmp_path, b"GWYP" + gwy_object("GwyContainer", *others)))
    np.testing.assert_allclose(scan.z, Z * 1e9)
    assert scan.meta["channel"] == "channel 7"


def nested(depth):
    raw = gwy_object("a")
    for _ in range(depth):
        raw = gwy_object("a", component("a", "o", raw))
    return raw


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"GWYO" + gwy_object("GwyContainer"), "begins with"),
        (b"GWYP" + gwy_object("GwyContainer"), "got none"),
        (b"GWYP" + gwy_object("a", component("/0/data", "z", b"")), "type of a component"),
        (b"GWYP" + gwy_object("a", component("/0/data", "D", b"\xff" * 4)), "cut short or damaged"),
        (b"GWYP" + gwy_object("a", component("/0/data", "S", b"\xff" * 4)), "no end"),
        (b"GWYP" + gwy_object("a", component("/0/data", "b", b"\1")), "damaged"),
        (b"GWYP" + gwy_object("a", component("/0/data", "o", gwy_object("b"))), "'yres'"),
        (b"GWYP" + nested(500), "too deeply"),
    ],
)
def test_damaged_files_are_refused(tmp_path, raw, message):
    with pytest.raises(ReadError, match=message) as caught:
        read(write(tmp_path, raw))
    assert "a.gwy" in str(caught.value)


def test_a_field_whose_size_is_wrong_is_refused(tmp_path):
    raw = gwy([("Height", gwy_field(Z))]).replace(b"xres\0i\4", b"xres\0i\5")
    with pytest.raises(ReadError, match=r"'Height' is damaged"):
        read(write(tmp_path, raw))


def test_the_real_file_holds_the_doubles_that_its_bytes_say(shared):
    path = shared / "data/readers/test.gwy"
    raw = path.read_bytes()
    start = raw.index(b"data\0D\0\x40\0\0") + 10  # an array of 0x4000 doubles
    expected = np.frombuffer(raw, "<f8", 128 * 128, start).reshape(128, 128)
    scan = read(path)
    np.testing.assert_array_equal(scan.z, expected)
    assert scan.meta["channel"] == "Test"
    assert scan.z_unit == "relative"  # its units are empty
