import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from study.transfer.fakes import STAGES, FakeNetwork, table, told

from tmdfeat.study import PAPER_VOLUMES, low_data_split, transfer_study
from tmdfeat.study.transfer.volumes import check_volumes, paper_split


def volumes(log, data=None, **more):
    strategies = {"net": FakeNetwork(log=log)}
    transfer_study(*(data or table()), stages=STAGES, strategies=strategies, n_splits=3, **more)
    return told(log)


def of(fit, label, y):
    return {i for i in fit["train"] if y[i] == label}


@pytest.mark.parametrize("by", ["image", "group"])
def test_fewer_images_are_among_the_more(tmp_path, by):
    _, y, groups = table(per_group=3)
    fits = volumes(tmp_path / "log", (_, y, groups), n_new=(2, 4, 8), by=by)
    mine = [fit for fit in fits if len(fit["classes"]) == 3]
    for fold in range(3):
        same = [fit for fit in mine if of(fit, "MoS2", y) == of(mine[fold], "MoS2", y)]
        few, some, many = sorted((of(fit, "WSe2", y) for fit in same), key=len)
        assert few < some < many
        sizes = [len(few), len(some), len(many)]
        assert sizes == ([2, 4, 8] if by == "image" else [3, 6, 9])  # whole groups of three


def test_only_what_is_new_is_cut(tmp_path):
    _, y, _ = table()
    for fit in volumes(tmp_path / "log", n_new=(2,)):
        counts = [len(of(fit, label, y)) for stage in STAGES for label in stage]
        full = len(fit["classes"]) - 1
        assert counts[full] == 2
        assert min(counts[:full]) > 10


def test_all_classes_can_be_cut_alike(tmp_path):
    _, y, _ = table()
    fits = volumes(tmp_path / "log", n_new=(2,), vary="all")
    for fit in fits:
        assert {len(of(fit, label, y)) for label in fit["classes"]} == {2}


def test_one_stage_is_a_study_of_volumes():
    y = np.repeat(["MoS2", "WS2"], 20)
    scores = transfer_study(
        np.arange(40.0)[:, None], y, np.arange(40), stages=[["MoS2", "WS2"]], vary="all",
        n_new=(3, 6), strategies={"net": DummyClassifier()}, n_splits=2,
    )  # fmt: skip
    assert scores["n_train"].tolist() == [6, 6, 12, 12]


def test_groups_are_drawn_until_there_are_images_enough():
    y = np.array(["a"] * 4 + ["b"] * 9)
    groups = np.array([0, 0, 1, 1] + [2] * 4 + [3] * 4 + [4])
    train = np.arange(13)
    for seed in range(5):
        kept = low_data_split(y, groups, train, new_class="b", n=3, by="group", random_state=seed)
        assert kept[:4].tolist() == [0, 1, 2, 3]
        whole = set(groups[kept[4:]].tolist())
        assert len(kept) - 4 == np.isin(groups, list(whole)).sum() >= 3
        assert len(whole) == 1 or (whole - {4} and len(whole) == 2)


def test_images_are_drawn_evenly():
    y, groups = np.array(["b"] * 6), np.arange(6)
    drawn = [
        low_data_split(y, groups, np.arange(6), new_class="b", n=2, random_state=seed)
        for seed in range(600)
    ]
    # each of six is drawn with probability 1/3: 200 of 600, standard deviation 11.5
    assert np.bincount(np.concatenate(drawn)) == pytest.approx(200, abs=50)


def test_too_few_images_are_refused_by_name():
    with pytest.raises(ValueError, match="n=3 images of 'b' were asked for, but there are 2"):
        low_data_split(["a", "b", "b"], [0, 1, 2], [0, 1, 2], new_class="b", n=3)


def test_published_volumes_say_how_many_validate(tmp_path):
    data = table(per_class=120)
    _, y, _ = data
    fits = volumes(tmp_path / "log", data, n_new=PAPER_VOLUMES[1:], validation_fraction=0.2)
    found = {
        (len(of(fit, "WSe2", y)), sum(y[i] == "WSe2" for i in fit["validation"]))
        for fit in fits
        if len(fit["classes"]) == 3
    }
    assert found == {(57, 7), (28, 4), (13, 3), (6, 2)}


def test_as_many_validate_as_their_fraction_says():
    assert check_volumes((9, 10, 90), 0.1) == ((9, 1), (10, 2), (90, 10))


def test_the_published_draw_is_pythons_with_seed_41():
    import random

    y = np.array(["a"] * 3 + ["b"] * 20)
    random.seed(41)
    expected = sorted(random.sample(range(3, 23), 6))
    assert paper_split(y, np.arange(23), new_class=["b"], n=6).tolist() == [0, 1, 2, *expected]


def test_a_volume_that_some_fold_lacks_is_left_out_of_that_stage(tmp_path):
    X, y, groups = table()
    fewer = np.delete(np.arange(len(y)), np.flatnonzero(y == "WSe2")[12:])
    data = X[fewer], y[fewer], groups[fewer]
    with pytest.warns(UserWarning, match=r"stage 1: n_new=\[10\] left out.*'WSe2'"):
        fits = volumes(tmp_path / "log", data, n_new=(2, 10))
    assert len([fit for fit in fits if len(fit["classes"]) == 3]) == 3
    assert len([fit for fit in fits if len(fit["classes"]) == 4]) == 6


@pytest.mark.parametrize(
    ("n_new", "message"),
    [
        (8, "must be a sequence"),
        ((), "must be a sequence"),
        ((8, 8), "each number of training images once"),
        ((0,), "at least 1"),
        (("8",), "pairs of numbers"),
        (((8, 0),), "at least 1"),
    ],
)
def test_volumes_that_are_none_are_refused(n_new, message):
    with pytest.raises(ValueError, match=message):
        check_volumes(n_new, 0.1)
