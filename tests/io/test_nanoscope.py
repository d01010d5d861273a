import numpy as np
import pytest
from scan_files import nanoscope, nanoscope_image

from tmdfeat import read
from tmdfeat.io import ReadError

RAW = np.array([[100, -200, 300, 32000], [-32768, 0, 1, 2]])
# "@2:Z scale" 32.768 V over 2**16, times 20 nm/V: 0.01 nm per integer
NM = RAW * 0.01


def write(tmp_path, raw, name="scan.spm"):
    (tmp_path / name).write_bytes(raw)
    return tmp_path / name


@pytest.mark.parametrize("name", ["scan.spm", "scan.di", "scan.001", "scan.0_00001.SPM", "scan"])
def test_heights_and_pixel_size_follow_the_header(tmp_path, name):
    scan = read(write(tmp_path, nanoscope([nanoscope_image(RAW)]), name))
    np.testing.assert_allclose(scan.z, NM, rtol=1e-12)  # row 0 is the top, stored last
    assert scan.pixel_size == (50.0, 50.0)
    assert scan.z_unit == "nm"
    assert scan.meta["unit"] == "nm"


@pytest.mark.parametrize(
    ("size", "pixel_size"),
    [("200 100 nm", (50, 50)), ("0.2 0.1 ~m", (50, 50)), ("200 nm", (100, 50))],
)
def test_scan_sizes_have_one_or_two_numbers(tmp_path, size, pixel_size):
    raw = nanoscope([nanoscope_image(RAW, **{"Scan Size": size})])
    assert read(write(tmp_path, raw)).pixel_size == pytest.approx(pixel_size)


def test_keys_differ_in_case_between_versions(tmp_path):
    image = nanoscope_image(RAW, **{"Scan Size": None, "Scan size": "200 100 nm"})
    assert read(write(tmp_path, nanoscope([image]))).pixel_size == (50.0, 50.0)


def test_the_slow_axis_size_goes_before_the_second_number(tmp_path):
    scan_list = [("Scan Size", "200 nm"), ("Slow Axis Size", "300 nm"), ("Lines", "6")]
    square = nanoscope([nanoscope_image(RAW)], scan_list=scan_list)
    assert read(write(tmp_path, square)).pixel_size == (150.0, 50.0)
    # stopped after 2 of 6 lines: the lines keep their distance
    stopped = nanoscope([nanoscope_image(RAW, **{"Aspect Ratio": "3:1"})], scan_list=scan_list)
    assert read(write(tmp_path, stopped)).pixel_size == (50.0, 50.0)


def test_from_version_9_2_integers_have_32_bits_whatever_the_header_says(tmp_path):
    raw = nanoscope([nanoscope_image(RAW * 1000)], version="0x09200000", dtype="<i4")
    np.testing.assert_allclose(read(write(tmp_path, raw)).z, NM * 1000, rtol=1e-12)


def test_four_bytes_per_pixel_scale_by_2_to_the_32(tmp_path):
    image = nanoscope_image(RAW * 65536, **{"Bytes/pixel": 4})
    raw = nanoscope([image], version="0x0A000000", dtype="<i4")
    np.testing.assert_allclose(read(write(tmp_path, raw)).z, NM, rtol=1e-12)


def test_a_hard_scale_in_mv_meets_a_sensitivity_per_v(tmp_path):
    image = nanoscope_image(RAW, **{"@2:Z scale": "V [Sens. Zsens] (1 mV/LSB) 32768 mV"})
    np.testing.assert_allclose(read(write(tmp_path, nanoscope([image]))).z, NM, rtol=1e-12)


PHASE = {"@2:Z scale": "V [Sens. Phase] (0.005 º/LSB) 360.0 º"}
CHANNELS = [
    nanoscope_image(RAW + 1, "Phase", **PHASE),
    nanoscope_image(RAW + 2, "Height"),
    nanoscope_image(RAW + 3, "Height", **{"Line Direction": "Retrace"}),
    nanoscope_image(RAW + 4, "ZSensor"),
    nanoscope_image(RAW + 5, "Height Sensor"),
]


@pytest.mark.parametrize(
    ("n_channels", "channel", "offset"),
    [
        (5, None, 5),  # Height Sensor, then ZSensor, then Height
        (4, None, 4),
        (3, None, 2),
        (5, "Height", 2),  # the first of two directions
        (5, "Height (Retrace)", 3),
    ],
)
def test_channels_are_chosen_by_name(tmp_path, n_channels, channel, offset):
    path = write(tmp_path, nanoscope(CHANNELS[:n_channels]))
    np.testing.assert_allclose(read(path, channel=channel).z, (RAW + offset) * 0.01, rtol=1e-12)


def test_a_wrong_channel_lists_those_there_are(tmp_path):
    with pytest.raises(ReadError, match=r"'Phase \(Trace\)' in º, 'Height \(Trace\)' in nm"):
        read(write(tmp_path, nanoscope(CHANNELS)), channel="Amplitude")


def test_a_phase_is_only_read_as_plain_numbers(tmp_path):
    path = write(tmp_path, nanoscope(CHANNELS))
    with pytest.raises(ReadError, match=r"in º, which is no length.*Height \(Trace\)"):
        read(path, channel="Phase")
    scan = read(path, channel="Phase", z_unit="relative")
    np.testing.assert_allclose(scan.z, (RAW + 1) * 360 / 65536, rtol=1e-12)
    assert scan.meta["unit"] == "º"


def test_images_without_a_direction_are_numbered(tmp_path):
    images = [nanoscope_image(RAW + i, **{"Line Direction": None}) for i in (0, 1)]
    path = write(tmp_path, nanoscope(images))
    assert read(path).meta["channels"] == ("Height", "Height (2)")
    np.testing.assert_allclose(read(path, channel="Height (2)").z, NM + 0.01, rtol=1e-12)


def test_an_odd_channel_does_not_spoil_the_others(tmp_path):
    odd = {"@2:Z scale": "V [Sens. Log] (0.1 log(Pa)/LSB) 3 log(Pa)"}
    images = [nanoscope_image(RAW, "LogModulus", **odd), nanoscope_image(RAW)]
    images += [nanoscope_image(RAW, "Strange", **{"@2:Z scale": "?"})]
    path = write(tmp_path, nanoscope(images))
    np.testing.assert_allclose(read(path).z, NM, rtol=1e-12)
    assert read(path).meta["channels"][2] == "Strange (Trace)"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Samps/line": 400}, "expected 2 x 400 pixels"),
        ({"Samps/line": "many"}, "'many'"),
        ({"Number of lines": None}, "number of lines"),
        ({"Scan Size": "200 V"}, "length '200 V'"),
        ({"Scan Size": None}, "scan size"),
        ({"Samps/line": 0}, "expected 2 x 0 pixels"),
    ],
)
def test_damaged_headers_are_refused(tmp_path, change, message):
    with pytest.raises(ReadError, match=message) as caught:
        read(write(tmp_path, nanoscope([nanoscope_image(RAW, **change)])))
    assert "scan.spm" in str(caught.value)


def test_a_file_without_images_is_refused(tmp_path):
    with pytest.raises(ReadError, match=r"got none"):
        read(write(tmp_path, nanoscope([])))


def test_synthetic_files_read_the_same_with_surface_topography(tmp_path):
    from SurfaceTopography import open_topography

    path = write(tmp_path, nanoscope([nanoscope_image(RAW)]))
    peer = open_topography(str(path)).topography()
    np.testing.assert_allclose(read(path).z, peer.heights().T, rtol=1e-12)


@pytest.mark.parametrize("n", range(1, 7))
def test_real_files_agree_with_surface_topography_in_every_height_channel(shared, n):
    from SurfaceTopography import open_topography

    path = shared / f"data/readers/di-{n}.di"
    names = read(path).meta["channels"]
    peer = open_topography(str(path))
    assert len(names) == len(peer.channels)
    compared = 0
    for name, channel in zip(names, peer.channels, strict=True):
        if isinstance(channel.unit, tuple):  # no length
            continue
        ours, theirs = read(path, channel=name), channel.topography()
        np.testing.assert_allclose(ours.z, theirs.heights().T, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(ours.scan_size[::-1], theirs.physical_sizes)
        assert theirs.unit == "nm"
        compared += 1
    assert compared >= 1


def test_a_real_damaged_file_is_refused(shared):
    with pytest.raises(ReadError, match=r"di_corrupted\.di.*cut short or damaged"):
        read(shared / "data/readers/di_corrupted.di")
