import pytest

from tmdfeat.io.units import nm_per


@pytest.mark.parametrize(
    ("unit", "nm"),
    [("m", 1e9), ("mm", 1e6), ("um", 1e3), ("~m", 1e3), ("nm", 1), ("pm", 1e-3), (" nm ", 1)],
)
def test_length_units_convert_to_nm(unit, nm):
    assert nm_per(unit) == nm


@pytest.mark.parametrize("micro", ["\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}"])
def test_both_micro_signs_are_known(micro):
    assert nm_per(micro + "m") == 1000


@pytest.mark.parametrize(
    "unit", ["\N{ANGSTROM SIGN}", "\N{LATIN CAPITAL LETTER A WITH RING ABOVE}", "angstrom"]
)
def test_angstrom_is_a_tenth_of_a_nm(unit):
    assert nm_per(unit) == 0.1


@pytest.mark.parametrize("unit", ["A", "V", "deg", "", "Nm", "relative", None])
def test_other_units_are_no_lengths(unit):
    assert nm_per(unit) is None
