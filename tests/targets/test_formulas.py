import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmdfeat.targets.formulas import SYMBOLS, elements


def test_there_are_118_elements():
    assert len(SYMBOLS) == 118


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        ("MoS2", ("Mo", "S")),
        ("Mo-WSe2", ("Mo", "W", "Se")),
        ("MoWSe2", ("Mo", "W", "Se")),
        ("Mo0.5W0.5Se2", ("Mo", "W", "Se")),
        ("Mo1-xWxSe2", ("Mo", "W", "Se")),
        ("Mo(S1-xSex)2", ("Mo", "S", "Se")),
        ("MoS₂", ("Mo", "S")),
        ("(Bi,Sb)2Te3", ("Bi", "Sb", "Te")),
        ("WS2/MoS2", ("W", "S", "Mo")),
        ("2H-MoTe2", ("Mo", "Te")),
        ("1T'-WTe2", ("W", "Te")),
        ("h-BN", ("B", "N")),
        ("α-In2Se3", ("In", "Se")),
        ("CO", ("C", "O")),
        ("Co", ("Co",)),
        ("Fe3GeTe2", ("Fe", "Ge", "Te")),
        ("H2O", ("H", "O")),
        ("HfS2", ("Hf", "S")),
        ("Y2O3", ("Y", "O")),
        ("DyxSi1-x", ("Dy", "Si")),
        ("Mo₁₋ₓWₓSe₂", ("Mo", "W", "Se")),
        ("Td-WTe2", ("W", "Te")),
        ("2Hb-TaS2", ("Ta", "S")),
        ("Ta-WSe2", ("Ta", "W", "Se")),
        ("H_2O", ("H", "O")),
        ("CuSO4·5H2O", ("Cu", "S", "O", "H")),
        ("MoS2/h-BN", ("Mo", "S", "B", "N")),
        ("1T-TaS2/2H-TaS2", ("Ta", "S")),
    ],
)
def test_elements_are_found_in_order(formula, wanted):
    assert elements(formula) == wanted


@pytest.mark.parametrize(
    "formula",
    [
        "2H MoS2",
        "2H_MoS2",
        "2H\u2011MoS2",
        "MoS2 (2H)",
        "MoS2(2H)",
        "MoS2-2H",
        "MoS2_2H",
        "3R-MoS2",
    ],
)
def test_the_letter_of_a_polytype_is_no_hydrogen(formula):
    assert elements(formula) == ("Mo", "S")


@pytest.mark.parametrize("wrong", ["graphene", "mos2", "Xy2", "", "  ", "12", "Mo?S2", "MoS2 film"])
def test_what_is_no_formula_is_refused(wrong):
    with pytest.raises(ValueError, match="formula"):
        elements(wrong)


@given(st.lists(st.sampled_from(sorted(SYMBOLS)), min_size=1, max_size=5, unique=True))
def test_any_symbols_with_amounts_are_found(symbols):
    assert elements("2".join(symbols) + "3") == tuple(symbols)
    assert elements("".join(symbols)) == tuple(symbols)
