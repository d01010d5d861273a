import math

import pytest

from tmdfeat.deep.finetune.selection import RULES, best_epoch

NAN = math.nan


def rows(*table):
    names = ("loss", "score", "validation_loss", "validation_score")
    return [dict(zip(names, row, strict=True)) for row in table]


@pytest.mark.parametrize("rule", RULES)
def test_without_validation_images_the_last_counts(rule):
    assert best_epoch(rows((0.1, 0.9, NAN, NAN), (0.5, 0.5, NAN, NAN)), rule) == 1


@pytest.mark.parametrize(("rule", "expected"), [("score", 1), ("loss", 2), ("last", 3)])
def test_rules_look_at_what_they_say(rule, expected):
    history = rows((1, 0.5, 0.9, 0.5), (1, 0.5, 0.8, 0.8), (1, 0.5, 0.3, 0.7), (1, 0.5, 2.0, 0.2))
    assert best_epoch(history, rule) == expected


def test_of_equal_scores_the_lower_loss_counts_then_the_earlier():
    assert best_epoch(rows((1, 1, 0.9, 0.8), (1, 1, 0.5, 0.8), (1, 1, 0.7, 0.8)), "score") == 1
    assert best_epoch(rows((1, 1, 0.9, 0.8), (1, 1, 0.9, 0.8)), "score") == 0
    assert best_epoch(rows((1, 1, 0.9, 0.8), (1, 1, 0.9, 0.7)), "loss") == 0


def test_scores_that_do_not_exist_leave_it_to_the_loss():
    assert best_epoch(rows((1, 1, 0.9, NAN), (1, 1, 0.5, NAN), (1, 1, 0.7, NAN)), "score") == 1
    assert best_epoch(rows((1, 1, 0.1, NAN), (1, 1, 0.5, -3.0)), "score") == 1


GOOD = (0.6, 0.7, 0.8, 0.6)


@pytest.mark.parametrize(
    "second",
    [
        (0.5, 0.9, 0.7, 0.6),  # validation score is not above 0.6
        (0.5, 0.6, 0.7, 0.8),  # training score is not above 0.6
        (0.8, 0.9, 0.7, 0.8),  # training loss is not below 0.8
        (0.5, 0.9, 0.8, 0.8),  # validation loss is not below 0.8
    ],
)
def test_the_published_rule_wants_all_four(second):
    assert best_epoch(rows(GOOD, second), "paper") == 0
    assert best_epoch(rows(GOOD, second, (0.5, 0.9, 0.7, 0.8)), "paper") == 2


def test_the_published_rule_compares_with_what_was_kept_not_with_what_was_seen():
    """The second epoch had a lower loss, but was not kept: the third need not beat it."""
    assert best_epoch(rows(GOOD, (0.1, 0.9, 0.1, 0.5), (0.5, 0.9, 0.7, 0.8)), "paper") == 2


def test_the_published_rule_without_a_good_epoch_keeps_the_last():
    assert best_epoch(rows((1, 0, 1, 0), (1, 0, 1, 0), (1, 0, 1, 0)), "paper") == 2
    assert best_epoch(rows((9, 0.5, 9, 0.5)), "paper") == 0  # the first need not beat any loss
