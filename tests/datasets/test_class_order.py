import pytest

from tmdfeat.datasets.class_order import PUBLISHED, class_order, growth_number


@pytest.mark.parametrize("balance", ["equal", "paper"])
@pytest.mark.parametrize("materials", [tuple(PUBLISHED), ("WSe2", "Mo-WSe2")])
def test_after_any_number_of_scans_each_class_has_its_share_up_to_one(balance, materials):
    shares = {m: PUBLISHED[m].images if balance == "paper" else 1 for m in materials}
    order = class_order(300, materials, balance)
    for n in range(1, 301):
        names = [name for name, _ in order[:n]]
        for name, share in shares.items():
            assert abs(names.count(name) - n * share / sum(shares.values())) < 1


def test_equal_classes_take_turns():
    assert class_order(5, ("a", "b"), "equal") == [("a", 0), ("b", 0), ("a", 1), ("b", 1), ("a", 2)]


def test_growths_have_the_scans_asked_or_three():
    assert [growth_number(k, "WS2", 2, "paper") for k in range(5)] == [0, 0, 1, 1, 2]
    assert [growth_number(k, "WS2", None, "equal") for k in range(5)] == [0, 0, 0, 1, 1]


def test_the_papers_numbers_are_those_of_its_table():
    images, samples = zip(*PUBLISHED.values(), strict=True)
    assert (sum(images), sum(samples)) == (1026, 626)
