import numpy as np
import pytest

from tmdfeat.physical import Descriptor, compute, select
from tmdfeat.physical.catalogue import DESCRIPTORS, FAMILIES


def test_the_default_is_all_but_the_papers_and_what_knows_the_instrument():
    assert {d.family for d in select()} == set(FAMILIES) - {"paper", "quality"}


def test_all_is_everything():
    assert [d.name for d in select("all")] == list(DESCRIPTORS)


def test_families_come_in_the_order_asked_for():
    families = [d.family for d in select(["slope", "height"])]
    assert families[0] == "slope"
    assert families[-1] == "height"
    assert select("paper") == select(["paper"])


def test_names_override_families():
    assert [d.name for d in select(["paper"], names=["Sku", "Sq"])] == ["Sku", "Sq"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"families": ["hight"]}, "unknown family 'hight'; did you mean 'height'[?] There"),
        ({"names": ["paper_grain_sise"]}, "did you mean 'paper_grain_size'"),
        ({"names": ["Sq_nm"]}, "did you mean 'Sq'"),
        ({"names": ["qqqqq"]}, r"unknown descriptor 'qqqqq'\. There are Sq, Sa"),
        ({"names": []}, "choose at least one descriptor"),
        ({"families": []}, "choose at least one family"),
        ({"names": ["Sq", "Sa", "Sq"]}, "'Sq' is chosen 2 times"),
    ],
)
def test_wrong_choices_say_what_there_is(wrong, message):
    with pytest.raises(ValueError, match=message):
        select(**wrong)


def test_shared_work_is_done_once_per_map():
    calls = []

    def prepare(z):
        calls.append(1)
        return z

    mine = [
        Descriptor(name, np.max, "mine", "me", prepare=prepare, summary="Largest.")
        for name in ("a", "b", "c")
    ]
    assert list(compute(mine, np.ones((4, 4)))) == [1, 1, 1]
    assert len(calls) == 1


def test_one_by_one_equals_all_at_once():
    z = np.random.default_rng(0).normal(size=(72, 80))
    for descriptor, value in zip(select("all"), compute(select("all"), z, 2.0), strict=True):
        np.testing.assert_equal(descriptor.compute(z, 2.0), value, descriptor.name)  # NaN is NaN


def test_descriptors_with_and_without_a_pixel_size_share_one_preparation():
    made = []

    class Shared:
        def __init__(self, z, pixel_size=1.0):
            made.append(pixel_size)

    pair = [
        Descriptor("a", lambda s: 1.0, "own", "own", summary="a", prepare=Shared),
        Descriptor(
            "b", lambda s: 2.0, "own", "own", summary="b", prepare=Shared, needs=("pixel_size",)
        ),
    ]
    assert compute(pair, np.eye(4), 2.0).tolist() == [1.0, 2.0]
    assert made == [2.0]
