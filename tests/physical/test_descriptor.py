from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from tmdfeat.physical import Descriptor


def span(z):
    """Largest minus smallest value,
    in nm.

    More text.
    """
    return np.ptp(z)


def area(z, pixel_size):
    """Area of the map."""
    return np.size(z) * pixel_size**2


def test_the_summary_is_the_first_paragraph_of_the_docstring():
    assert Descriptor("x", span, "mine", "me").summary == "Largest minus smallest value, in nm."


def test_a_descriptor_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Descriptor("x", span, "mine", "me").unit = "nm"


def test_unknown_needs_are_refused():
    with pytest.raises(ValueError, match="needs must be among"):
        Descriptor("x", span, "mine", "me", needs=("nm",))


@pytest.mark.parametrize(
    ("unit", "column"),
    [("-", "x"), ("nm", "x_nm"), ("1/nm", "x_per_nm"), ("nm/px", "x_nm_per_px")],
)
def test_the_column_carries_the_unit(unit, column):
    assert Descriptor("x", span, "mine", "me", unit=unit).column() == column


def test_only_functions_that_need_the_pixel_size_get_it():
    assert Descriptor("x", span, "mine", "me").compute([[1, 4]], 2.0) == 3
    needy = Descriptor("x", area, "mine", "me", needs=("pixel_size",))
    assert needy.compute([[1, 4]], 3.0) == 18
