"""Each published habit can be switched on alone, and none is on by itself."""

import numpy as np
import pytest
from study.transfer.fakes import FakeNetwork, table, told
from study.transfer.test_study import records, study

from tmdfeat.evaluate.samples import Samples
from tmdfeat.study import Sequential
from tmdfeat.study.transfer.protocol import Protocol, make_protocol
from tmdfeat.study.transfer.splits import fixed_splits


def leaks(tmp_path):
    """How many runs were tested on images that the network they started from had seen."""
    return sum(
        bool(tested & set(before.seen_)) for _, tested, before in records(tmp_path) if before
    )


def test_rightly_no_run_starts_from_what_it_is_tested_on(tmp_path):
    study(tmp_path, n_new=(None, 4))
    assert leaks(tmp_path) == 0


def test_carried_over_networks_have_seen_what_they_are_tested_on(tmp_path):
    study(tmp_path, {"imagenet": FakeNetwork(log=tmp_path / "log")}, carry_over=True)
    fits = told(tmp_path / "log")
    assert [len(fit["ancestors"]) for fit in fits] == [0, 0, 1, 1, 2, 2]  # two stages at a time
    assert {fit["head"] for fit in fits if fit["before"]} == {"new"}
    assert leaks(tmp_path) == 2 * 2  # all but the first folds of both stages


def test_sequences_are_not_carried_over(tmp_path):
    study(tmp_path, {"sequential": Sequential(FakeNetwork())}, carry_over=True)
    assert leaks(tmp_path) == 0


def test_a_sequence_from_one_fold_has_seen_what_others_test(tmp_path):
    study(tmp_path, {"sequential": Sequential(FakeNetwork())}, start_fold=2)
    assert leaks(tmp_path) == 2 * 2  # folds 0 and 1 of both later stages
    started = {(run["stage"], str(before.note_)) for run, _, before in records(tmp_path) if before}
    assert len(started) == 2  # one start for each stage


def test_with_a_fixed_test_set_all_folds_are_tested_on_it(tmp_path):
    data = table(per_class=40)
    study(tmp_path, data=data, fixed_test=True)
    tests = {}
    for run, tested, _ in records(tmp_path):
        tests.setdefault(run["stage"], []).append(tested)
    assert all(each == mine[0] for mine in tests.values() for each in mine)
    assert tests[0][0] < tests[1][0] < tests[2][0]
    fits = told(tmp_path / "log")
    assert not any(set(fit["train"]) & tests[2][0] for fit in fits)
    assert all(fit["batch_norm"] == "train" and fit["select"] == "score" for fit in fits)


def test_the_paper_mode_is_all_habits_together(tmp_path):
    strategies = {
        "imagenet": FakeNetwork(log=tmp_path / "a"),
        "sequential": Sequential(FakeNetwork(log=tmp_path / "b")),
    }
    study(tmp_path, strategies, table(per_class=40), paper=True)
    for name in "ab":
        fits = told(tmp_path / name)
        assert {(fit["batch_norm"], fit["select"]) for fit in fits} == {("paper", "paper")}
    assert {len(fit["ancestors"]) for fit in told(tmp_path / "a")} == {0, 1, 2}
    assert leaks(tmp_path) == 0  # nobody trains on the fixed test set


def test_each_habit_can_be_left_out_of_the_paper_mode():
    right = {"carry_over": False, "batch_norm": "train", "start_fold": "same", "fixed_test": False}
    assert make_protocol(True, **right) == Protocol(
        batch_norm="train", select="paper", paper_draws=True
    )
    nothing = dict.fromkeys(right)
    assert make_protocol(False, **nothing) == Protocol()
    assert make_protocol(True, **nothing) == Protocol(True, "paper", "paper", 2, True, True)


def test_batch_norms_are_as_the_networks_say_unless_told_otherwise(tmp_path):
    strategies = {"net": FakeNetwork(batch_norm="frozen", log=tmp_path / "log")}
    study(tmp_path, strategies)
    study(tmp_path, strategies, batch_norm="paper")
    norms = [fit["batch_norm"] for fit in told(tmp_path / "log")]
    assert norms == ["frozen"] * 6 + ["paper"] * 6


def test_the_published_test_set_and_training_sizes_are_reproduced(shared):
    """Row sums of the published confusion matrices; 124, 117 and 88 images beside the test set."""
    with np.load(shared / "data/tmd_features/tmd_features.npz", allow_pickle=False) as features:
        y, groups = features["material"], features["sample_id"]
    splits = fixed_splits(Samples(y, y, groups), 5, 1)
    held_out = {"MoS2": 47, "WS2": 18, "WSe2": 13, "MoSe2": 12, "Mo-WSe2": 14}
    left = {"MoS2": 429, "WS2": 164, "WSe2": 124, "MoSe2": 117, "Mo-WSe2": 88}
    for split in splits:
        assert {name: np.count_nonzero(y[split.test] == name) for name in held_out} == held_out
        rest = y[np.concatenate([split.train, split.validation])]
        assert {name: np.count_nonzero(rest == name) for name in left} == left


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ({"start_fold": 3}, "start_fold=3 needs more folds than n_splits=3"),
        ({"start_fold": -1}, "start_fold.*at least 0"),
        ({"carry_over": "yes"}, "carry_over must be one of"),
    ],
)
def test_wrong_flags_are_refused(tmp_path, flags, message):
    with pytest.raises(ValueError, match=message):
        study(tmp_path, **flags)
