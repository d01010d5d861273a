"""The stated order of pairs against Python's own set."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from tmdfeat.physical.paper_order import set_order


def walked(pairs):
    """Put pairs into a set one by one, and list it."""
    found = set()
    for pair in pairs:
        found.add(pair)
    return list(found)


@pytest.mark.parametrize("count", [0, 1, 2, 4, 5, 19, 20, 77, 78, 1000, 49_999, 60_000])
def test_equals_pythons_set(count):
    numbers = np.random.default_rng(count).choice(10**6, size=count, replace=False)
    pairs = list(zip((numbers // 1000).tolist(), (numbers % 1000).tolist(), strict=True))
    assert [pairs[i] for i in set_order(pairs)] == walked(pairs)


def test_equals_scipys_set_of_neighbours():
    tree = cKDTree(np.random.default_rng(0).uniform(size=(300, 3)))
    pairs = tree.query_pairs(0.4, output_type="ndarray")
    found = list(map(tuple, pairs[set_order(pairs)].tolist()))
    assert len(found) > 5000
    assert found == list(tree.query_pairs(0.4))
