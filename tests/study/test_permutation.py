import numpy as np
import pytest
from scipy.stats import chi2_contingency, kstest

from tmdfeat.study.permutation import _Moves, association

MANY = {"n_permutations": 20000}


@pytest.mark.parametrize("copies", [1, 4])
def test_copies_of_an_image_in_its_group_say_nothing_new(copies):
    # Of the 20 ways to call three of six groups "a", two part right from wrong.
    errors = np.repeat([1, 1, 1, 0, 0, 0], copies)
    levels = np.repeat(list("aaabbb"), copies)
    groups = np.repeat(np.arange(6), copies)
    assert association(errors, levels, groups, **MANY) == pytest.approx(2 / 20, abs=0.01)


def test_levels_that_vary_within_groups_are_exchanged_within():
    # In each of three groups the image of level "a" is wrong. Of 2^3 ways two are as extreme.
    errors, levels = [1, 0] * 3, ["a", "b"] * 3
    p = association(errors, levels, [0, 0, 1, 1, 2, 2], **MANY)
    assert p == pytest.approx(2 / 8, abs=0.015)


def test_where_each_image_is_its_own_group_it_agrees_with_chi_square():
    rng = np.random.default_rng(0)
    levels = rng.choice(["a", "b", "c"], 300)
    errors = (rng.random(300) < np.where(levels == "c", 0.42, 0.3)).astype(int)
    counts = [[np.sum((levels == name) & (errors == e)) for e in (0, 1)] for name in "abc"]
    expected = chi2_contingency(counts, correction=False).pvalue
    assert 0.01 < expected < 0.5
    assert association(errors, levels, np.arange(300)) == pytest.approx(expected, abs=0.03)


@pytest.mark.parametrize("within", [False, True])
def test_p_is_uniform_where_nothing_is_tied(within):
    rng = np.random.default_rng(0)
    sizes = rng.integers(1, 7, 40)
    groups = np.repeat(np.arange(40), sizes)
    found = []
    for seed in range(300):
        hard = rng.random(40)[groups] < 0.4  # all images of a group are right, or wrong
        levels = rng.integers(0, 3, 40)[groups]
        if within:  # levels are alike in a group, as errors are, but not the same
            levels = np.where(rng.random(len(groups)) < 0.2, rng.integers(0, 3), levels)
        options = {"n_permutations": 199, "random_state": seed}
        found.append(association(hard, levels, groups, **options))
    assert kstest(found, "uniform").statistic < 0.09
    assert np.mean(np.array(found) <= 0.05) < 0.09


def test_moves_keep_groups_together():
    blocks = np.array([3, 0, 1, 0, 2, 3, 1, 3, 2, 4])  # sizes 2, 2, 2, 3, 1
    moves = _Moves(blocks, np.random.default_rng(0))
    partners = set()
    for _ in range(200):
        source = moves.draw()
        assert sorted(source) == list(range(10))
        for block in range(5):
            [origin] = set(blocks[source[blocks == block]])
            partners.add((block, int(origin)))
    assert partners == {(i, j) for i in range(3) for j in range(3)} | {(3, 3), (4, 4)}


def test_one_level_has_no_test():
    assert np.isnan(association([0, 1, 1], ["a", "a", "a"], [0, 1, 2]))


def test_no_errors_are_no_association():
    assert association([0, 0, 0, 0], ["a", "a", "b", "b"], [0, 1, 2, 3]) == 1.0
