"""What was needed, what came, and the way out."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from study.transfer.fakes import STAGES, FakeNetwork, table

from tmdfeat.study import Sequential, transfer_study

NEAREST = {"nearest": KNeighborsClassifier(1)}


def study(data=None, **more):
    return transfer_study(*(data or table()), **{"stages": STAGES, "strategies": NEAREST, **more})


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"stages": [["MoS2"], ["WS2"]]}, "begin with at least two classes"),
        ({"stages": []}, "begin with at least two classes"),
        ({"stages": [["MoS2", "WS2"], []]}, "each later one must add one"),
        ({"stages": ["MoS2", "WS2"]}, r"each stage must be a list.*Write \['MoS2'\]"),
        ({"stages": "MoS2"}, "list of lists"),
        ({"stages": [["MoS2", "WS2"], ["WS2"]]}, r"each class once, got \['WS2'\]"),
        ({"stages": [["MoS2", "WS2"], ["ReS2"]]}, r"name \['ReS2'\], but no image"),
        ({"targets": None}, "targets must be among"),
        ({"paper": "yes"}, "paper must be one of"),
        ({"targets": "elements"}, "targets must be among"),
        ({"targets": ("atoms", "atoms")}, "targets must be among"),
        ({"by": "scan"}, "by must be one of"),
        ({"vary": "none"}, "vary must be one of"),
        ({"n_splits": 1}, "n_splits must be an integer of at least 2"),
        ({"repeats": 0}, "repeats must be an integer of at least 1"),
        ({"validation_fraction": 0}, "validation_fraction must be a number above 0"),
        ({"random_state": None}, "random_state must be an integer"),
        ({"n_splits": 13}, "class 'MoS2' has 12 groups, but at least 13.*Lower n_splits"),
        ({"n_new": (4,), "stages": STAGES[:1]}, "the first stage adds nothing.*vary='all'"),
    ],
)
def test_wrong_settings_are_refused(more, message):
    with pytest.raises(ValueError, match=message):
        study(**more)


@pytest.mark.parametrize(
    ("strategies", "message"),
    [
        ({}, "dict from names to classifiers"),
        (KNeighborsClassifier(), "dict from names to classifiers"),
        ({"a": "imagenet"}, "strategy 'a' must be a classifier"),
        ({"a": KNeighborsClassifier}, "strategy 'a' must be a classifier"),
        ({"a": KNeighborsRegressor()}, "strategy 'a' must be a classifier"),
        ({"a": Sequential(KNeighborsClassifier())}, "strategy 'a': only a FineTunedCNN"),
    ],
)
def test_wrong_strategies_are_refused(strategies, message):
    with pytest.raises(TypeError, match=message):
        study(strategies=strategies)


def test_groups_are_needed():
    X, y, _ = table()
    with pytest.raises(ValueError, match="groups is needed"):
        study((X, y, None))


def test_lengths_must_agree():
    X, y, groups = table()
    with pytest.raises(ValueError, match="groups has 95 entries"):
        study((X, y, groups[:-1]))


def test_labels_that_are_no_formulas_have_no_elements():
    X, _, groups = table()
    y = np.repeat(["rough", "smooth"], 48)
    with pytest.raises(ValueError, match="'rough' is no chemical formula"):
        study((X, y, groups), stages=[["rough", "smooth"]], targets="atoms")


def test_an_iterator_is_no_table():
    X, y, groups = table()
    with pytest.raises(TypeError, match=r"X must have a length, got generator.*list\(X\)"):
        study(((row for row in X), y, groups))


def test_groups_that_hold_too_much_are_named():
    """Four of five groups of a class hold no other: the fifth holds all of another class."""
    X, y, groups = table(per_class=10, per_group=2, materials=("MoS2", "WS2"))
    groups = np.where(y == "WS2", groups % 2 + 100, groups)
    with pytest.raises(ValueError, match="class 'WS2' has 2 groups, but at least 3"):
        study((X, y, groups), stages=[["MoS2", "WS2"]], n_splits=3)


def test_missing_labels_are_refused():
    X, y, groups = table()
    y = y.astype(object)
    y[3] = None
    with pytest.raises(ValueError, match=r"y has 1 missing entries.*at \[3\]"):
        study((X, y, groups))


@pytest.mark.parametrize("per_group", [1, 2])
def test_a_network_needs_images_to_choose_the_epoch_by(per_group):
    """With one group of each class left to train on, none can be spared."""
    y = np.repeat(["MoS2", "WS2"], 2 * per_group)
    groups = np.repeat(np.arange(4), per_group)
    with pytest.raises(ValueError, match="no image to choose the epoch by"):
        study(
            (np.arange(4.0 * per_group)[:, None], y, groups), stages=[["MoS2", "WS2"]], n_splits=2,
            strategies={"net": FakeNetwork()},
        )  # fmt: skip
