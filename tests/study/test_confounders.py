import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from tmdfeat.evaluate import run_folds
from tmdfeat.study import error_by


def predictions(wrong, groups=None):
    n = len(wrong)
    truth = np.array(["MoS2", "WS2"])[np.arange(n) % 2]
    other = np.array(["WS2", "MoS2"])[np.arange(n) % 2]
    groups = np.arange(n) if groups is None else groups
    said = np.where(wrong, other, truth)
    table = {"repeat": 0, "position": np.arange(n), "group": groups, "truth": truth}
    return pd.DataFrame(table | {"predicted": said})


def test_a_classifier_fooled_by_the_substrate_is_found_out():
    rng = np.random.default_rng(0)
    y = np.tile(["MoS2", "WS2"], 120)
    groups = np.arange(240) // 2 // 2 * 2 + np.arange(240) % 2  # pairs of one class
    plane = rng.choice(["c", "A"], 240)[groups]
    # The signal turns round on A-plane sapphire, of which there is less.
    plane = np.where(rng.random(240)[groups] < 0.6, "c", plane)
    signal = np.where(y == "WS2", 1, -1) * np.where(plane == "A", -1, 1)
    X = signal[:, None] + rng.normal(scale=0.5, size=(240, 2))
    found = run_folds(LogisticRegression(), X, y, groups, cv=4, repeats=2, random_state=0)
    confounders = pd.DataFrame({"plane": plane, "noise": rng.normal(size=240)})
    table = error_by(found.predictions, confounders).set_index(["confounder", "level"])
    assert table.loc[("plane", "A"), "error"] > 0.8 > 0.2 > table.loc[("plane", "c"), "error"]
    assert table.loc["plane", "p_adjusted"].eq(2 / 5000).all()
    assert table.loc["noise", "p_adjusted"].gt(0.05).all()
    assert table.loc["noise", "n"].tolist() == [60] * 4
    assert table["n_groups"].le(table["n"]).all()


def test_rows_count_scans_and_groups():
    wrong, groups = [1, 0, 1, 1, 0, 0], [0, 0, 1, 2, 2, 3]
    table = error_by(predictions(wrong, groups), pd.DataFrame({"t": list("xxxyyy")}))
    columns = ["level", "n", "n_groups", "error"]
    assert table[columns].to_numpy().tolist() == [["x", 3, 2, 2 / 3], ["y", 3, 2, 1 / 3]]
    assert list(table) == [
        "confounder", "level", "n", "n_groups", "error", "low", "high", "p", "p_adjusted",
    ]  # fmt: skip


def test_repeats_are_averaged_scan_by_scan():
    first, second = predictions([1, 0, 0, 0]), predictions([0, 0, 0, 0]).assign(repeat=1)
    both = pd.concat([first, second]).sample(frac=1, random_state=0)
    table = error_by(both, pd.DataFrame({"t": list("aabb")}))
    assert table["n"].tolist() == [2, 2]
    assert table["error"].tolist() == [0.25, 0.0]


def test_confounders_are_matched_by_position_in_x():
    part = predictions([0, 0, 1, 0, 1, 0]).iloc[[4, 2]]  # a splitter that tested two of six
    table = error_by(part, pd.DataFrame({"t": list("abcdef")}, index=list("uvwxyz")))
    assert table["level"].tolist() == ["c", "e"]
    assert table["error"].tolist() == [1.0, 1.0]


def test_edges_are_for_the_confounder_that_they_name():
    times = pd.DataFrame({"time_s": [100, 500, 900, 2000], "T": [900, 950, 1000, 1000]})
    table = error_by(predictions([1, 0, 0, 0]), times, bins={"time_s": [400, 800, 1000]})
    assert table["level"].tolist() == [
        "< 400", "400 to 800", "800 to 1000", ">= 1000", "900", "950", "1000",
    ]  # fmt: skip


def test_a_bin_without_scans_has_no_row():
    table = error_by(predictions([1, 0]), pd.DataFrame({"t": [1.0, 2.0]}), bins={"t": [5]})
    assert table["level"].tolist() == ["< 5"]
    assert table["p_adjusted"].isna().all()


def test_more_confounders_cost_certainty():
    rng = np.random.default_rng(1)
    wrong = rng.random(100) < 0.3
    tied = np.where(rng.random(100) < 0.4, wrong, rng.random(100) < 0.3)
    many = pd.DataFrame({"tied": tied, **{f"x{i}": rng.normal(size=100) for i in range(5)}})
    alone = error_by(predictions(wrong), many[["tied"]])["p_adjusted"].iloc[0]
    holm = error_by(predictions(wrong), many)
    bh = error_by(predictions(wrong), many, correction="bh")
    assert holm["p_adjusted"].iloc[0] == pytest.approx(min(6 * alone, 1))
    assert (bh["p_adjusted"] <= holm["p_adjusted"]).all()
    assert holm["p"].equals(bh["p"])


ONE = pd.DataFrame({"t": [1.0, 2.0]})


@pytest.mark.parametrize(
    ("table", "confounders", "more", "says"),
    [
        (predictions([1, 0]).drop(columns="group"), ONE, {}, r"without the columns \['group'\]"),
        (predictions([1, 0])[:0], ONE, {}, "got 0 rows"),
        (predictions([1, 0]), ONE[:1], {}, "got 1 rows, but scan 1 was predicted"),
        (predictions([1, 0]), ONE["t"], {}, "must be a DataFrame"),
        (predictions([1, 0]), ONE, {"bins": {"time": 3}}, r"bins are given for \['time'\]"),
        (predictions([1, 0]), ONE, {"correction": "none"}, "correction must be one of"),
        (predictions([1, 0]).assign(model=["a", "b"]), ONE, {}, "hold several models"),
    ],
)
def test_it_says_what_is_wrong(table, confounders, more, says):
    with pytest.raises(ValueError, match=says):
        error_by(table, confounders, **more)
