import numpy as np
import pytest

from tmdfeat.parameters import check_choice, check_integer, check_number


@pytest.mark.parametrize("value", [3, np.int8(3), np.uint64(3)])
def test_every_type_of_integer_becomes_an_int(value):
    assert check_integer("n", value, 3) == 3
    assert type(check_integer("n", value, 3)) is int


@pytest.mark.parametrize("value", [2, 3.0, "3", None, True, np.nan])
def test_what_is_no_integer_or_too_small_is_refused(value):
    with pytest.raises(ValueError, match=r"^n must be an integer of at least 3, got "):
        check_integer("n", value, 3)


@pytest.mark.parametrize("value", [1e-9, 1, np.float32(0.5)])
def test_numbers_in_the_range_pass(value):
    check_number("share", value, 0, 1)


@pytest.mark.parametrize("value", [0, 1.5, np.nan, "1", None, True])
def test_what_is_no_number_in_the_range_is_refused(value):
    with pytest.raises(ValueError, match=r"^share must be a number above 0 and up to 1, got "):
        check_number("share", value, 0, 1)


def test_no_number_is_infinite():
    with pytest.raises(ValueError, match="got inf"):
        check_number("threshold", np.inf, 0, np.inf)


def test_a_choice_is_one_of_those_known():
    check_choice("method", "a", ("a", "b"))
    with pytest.raises(ValueError, match=r"^method must be one of \('a', 'b'\), got 'c'"):
        check_choice("method", "c", ("a", "b"))
