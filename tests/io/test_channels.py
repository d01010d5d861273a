import pytest

from tmdfeat.io import ReadError
from tmdfeat.io.channels import choose, distinct


def test_the_height_sensor_goes_before_zsensor_before_height():
    names = ["Height", "ZSensor", "Height Sensor"]
    assert choose(names, ["nm"] * 3, None) == 2
    assert choose(names[:2], ["nm"] * 2, None) == 1


def test_by_default_only_a_length_is_taken():
    assert choose(["Height", "Topo"], ["V", "nm"], None) == 1


def test_a_length_named_after_another_signal_is_no_default():
    assert choose(["Amplitude Error", "Канал 1"], ["nm", "m"], None) == 1
    with pytest.raises(ReadError, match=r"'Amplitude' in nm, 'Phase' in deg"):
        choose(["Amplitude", "Phase"], ["nm", "deg"], None)


def test_the_only_channel_is_taken_whatever_its_name():
    assert choose(["Phase"], ["deg"], None) == 0


def test_a_name_is_found_in_any_case_and_without_its_direction():
    names = ["Phase", "Height (Trace)", "Height (Retrace)"]
    units = ["deg", "nm", "nm"]
    assert choose(names, units, "height (retrace)") == 2
    assert choose(names, units, "Height") == 1


def test_a_wrong_channel_lists_those_there_are():
    with pytest.raises(ReadError, match=r"no channel 'Hieght'.*'Height' in nm, 'mask'"):
        choose(["Height", "mask"], ["nm", None], "Hieght")


def test_repeated_names_are_numbered():
    assert distinct(["a", "b", "a", "a"]) == ["a", "b", "a (2)", "a (3)"]
