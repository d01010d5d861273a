"""What was published on 1,026 scans comes out again; and the goal is tried as it says."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA

ROOT = Path(__file__).parents[1]
FIVE = ["MoS2", "WS2", "WSe2", "MoSe2", "Mo-WSe2"]
HELD_OUT = {"MoS2": 47, "WS2": 18, "WSe2": 13, "MoSe2": 12, "Mo-WSe2": 14}
# Macro-F1 ± std of the authors' figure: classes, series, split, from all new scans down to 8.
MODALITY = """
3 imagenet train .98±.02 .95±.06 .98±.02 .95±.04 .97±.02
3 imagenet val   .93±.08 .89±.11 .91±.06 .89±.10 .80±.11
3 imagenet test  .82±.06 .84±.06 .83±.03 .78±.05 .67±.05
3 MtC      train .95±.03 .96±.06 .98±.01 .97±.04 .95±.04
3 MtC      val   .88±.02 .86±.04 .87±.04 .91±.03 .78±.08
3 MtC      test  .89±.02 .86±.05 .85±.05 .80±.06 .69±.07
3 MtL      train .98±.02 .94±.04 .98±.03 .95±.04 .96±.04
3 MtL      val   .89±.03 .85±.05 .88±.04 .81±.13 .73±.13
3 MtL      test  .90±.02 .85±.04 .82±.04 .77±.09 .73±.07
4 imagenet train .97±.02 .99±.01 .98±.01 .96±.01 .90±.08
4 imagenet val   .94±.04 .96±.04 .92±.05 .85±.05 .85±.03
4 imagenet test  .86±.02 .85±.02 .86±.01 .86±.02 .77±.04
4 MtC      train .99±.01 .96±.05 .97±.02 .97±.02 .96±.05
4 MtC      val   .93±.01 .88±.06 .88±.06 .90±.06 .84±.08
4 MtC      test  .88±.03 .87±.04 .89±.03 .88±.01 .86±.05
4 MtL      train .97±.03 .98±.01 .96±.04 .92±.07 .84±.02
4 MtL      val   .91±.02 .90±.04 .86±.05 .81±.08 .73±.05
4 MtL      test  .84±.02 .82±.04 .86±.03 .85±.03 .80±.04
5 imagenet train .97±.01 .98±.01 .99±.00 .98±.01 .98±.01
5 imagenet val   .93±.05 .94±.05 .94±.05 .93±.07 .91±.06
5 imagenet test  .87±.03 .88±.03 .86±.05 .81±.05 .72±.06
5 MtC      train .99±.01 1.00±.00 .99±.01 .98±.00 .97±.03
5 MtC      val   .92±.02 .92±.02 .91±.04 .87±.06 .81±.05
5 MtC      test  .93±.01 .94±.02 .92±.02 .81±.08 .72±.06
5 MtL      train .97±.02 .99±.01 .98±.01 .96±.01 .97±.02
5 MtL      val   .91±.01 .90±.04 .90±.03 .88±.05 .85±.02
5 MtL      test  .89±.05 .94±.01 .90±.02 .92±.03 .74±.08
"""


@pytest.fixture
def load(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    return __import__


@pytest.fixture
def data(shared):
    return shared / "data" / "tmd_features"


@pytest.fixture
def tables(load):
    return load("published_tables")


def small(rows=30, seed=0, noise=1.0):
    """Five materials of `rows` scans, two a sample, in 30 features that are not negative."""
    rng = np.random.default_rng(seed)
    y = np.repeat(FIVE, rows)
    middle = 3 * (y[:, None] == FIVE).repeat(6, axis=1)
    X = np.abs(middle + noise * rng.normal(size=(5 * rows, 30))).astype(np.float32)
    samples = (np.arange(5 * rows) // 2).astype(str)
    return {"frozen": X, "finetuned": X, "material": y, "sample_id": samples}


def test_the_held_out_fold_is_the_authors_own(tables, data):
    table = tables.vectors(data)
    train, test = tables.held_out(table["material"], table["sample_id"])
    assert pd.Series(table["material"][test]).value_counts().to_dict() == HELD_OUT
    assert not set(table["sample_id"][train]) & set(table["sample_id"][test])
    assert len(train) == 922


def test_121_vectors_are_copies_and_none_leaves_its_sample(tables, data):
    found = tables.audit(tables.vectors(data))
    assert (found["rows"], found["samples"]) == (1026, 626)
    assert (found["distinct_rows"], found["duplicates"]) == (905, 121)
    assert (found["pairs"], found["triples"]) == (119, 1)
    involved = {"MoS2": 197, "WS2": 28, "MoSe2": 10, "Mo-WSe2": 4, "WSe2": 2}
    assert found["rows_involved"] == involved
    assert sum(involved.values()) == 241
    assert found["copies_across_samples"] == found["copies_across_materials"] == 0
    assert found["equal_to_the_last_bit"]


def test_the_audit_sees_copies_that_cross_samples_and_materials(tables):
    table = small()
    table["frozen"][[4, 40]] = table["frozen"][0]  # another sample; and another material
    table["frozen"][60] = table["frozen"][61]  # the same sample
    found = tables.audit(table)
    assert (found["distinct_rows"], found["pairs"], found["triples"]) == (147, 1, 1)
    assert found["copies_across_samples"] == found["copies_across_materials"] == 1


def test_principal_components_of_the_fine_tuned_vectors_are_the_published_ones(tables, data):
    points, materials = tables.embeddings(data)["5"]
    table = tables.vectors(data)
    found = PCA(3, svd_solver="full").fit_transform(table["finetuned"])
    for mine, theirs in zip(found.T, points.T, strict=True):
        assert abs(np.corrcoef(mine, theirs)[0, 1]) > 0.999
    assert sorted(materials) == sorted(table["material"])


@pytest.mark.parametrize("kind", ["{}", "2-{}"])
def test_each_stage_adds_the_scans_of_one_material(tables, data, kind):
    found = tables.embeddings(data)
    assert len(found) == 7
    assert found["2"][0].shape == (658, 3)
    for stage, (scans, last) in {3: (795, "WSe2"), 4: (924, "MoSe2"), 5: (1026, "Mo-WSe2")}.items():
        points, materials = found[kind.format(stage)]
        assert points.shape == (scans, 3)
        assert set(materials) == set(FIVE[:stage])
        assert last in materials


def test_the_tidy_modality_table_is_the_published_one(tables, data):
    found = tables.modality(data).set_index(["classes", "series", "split"])
    for line in MODALITY.strip().splitlines():
        classes, series, split, *cells = line.split()
        rows = found.loc[(int(classes), series, split)]
        mine = [f"{m:.2f}±{s:.2f}" for m, s in zip(rows["mean"], rows["std"], strict=True)]
        assert [f"{float(m):.2f}±{float(s):.2f}" for m, s in (c.split("±") for c in cells)] == mine
        full = {"3": 124, "4": 117, "5": 88}[classes]
        assert rows["n_new"].tolist() == [full, 64, 32, 16, 8]


def test_what_the_json_calls_previous_is_the_multiclass_series(tables, data):
    found = tables.modality(data).set_index("series").drop(columns=["classes", "split"])
    assert found.loc["previous"].to_numpy().tolist() == found.loc["MtC"].to_numpy().tolist()


@pytest.mark.parametrize(
    ("name", "accuracy", "f1", "shares", "rows"),
    [
        ("MtC", 0.873, 0.874, [89, 72, 94, 87, 96], [47, 18, 13, 12, 14]),
        ("MtL", 0.888, 0.897, [93, 80, 94, 86, 94], [45.8, 17.8, 13, 11.8, 14]),
    ],
)
def test_the_confusion_matrices_have_their_rows_true(
    tables, data, name, accuracy, f1, shares, rows
):
    counts = tables.confusion(data)[name]
    assert counts.sum(axis=1).tolist() == pytest.approx(rows)
    percent = 100 * np.diag(counts) / counts.sum(axis=1)
    assert percent.round().tolist() == shares
    found = tables.scores_of_counts(counts, HELD_OUT)
    assert round(found["accuracy"], 3) == accuracy
    assert round(found["f1_macro"], 3) == f1


def test_intervals_over_samples_are_those_of_the_binomial_for_single_scans(load):
    bootstrap = load("published_goal").bootstrap
    truth = np.repeat(["a", "b"], 100)
    predicted = truth.copy()
    predicted[:40] = "b"  # 160 of 200 right
    labels = np.array(["a", "b"])
    alone, _ = bootstrap(truth, predicted, np.arange(200), labels)
    assert alone.mean() == pytest.approx(0.8, abs=0.002)
    assert alone.std() == pytest.approx(np.sqrt(0.8 * 0.2 / 200), rel=0.05)
    fours, _ = bootstrap(truth, predicted, np.arange(200) // 4, labels)
    assert fours.std() == pytest.approx(np.sqrt(0.8 * 0.2 / 50), rel=0.05)  # four copies each


def test_bootstrapped_f1_is_that_of_scikit_learn(load):
    from sklearn.metrics import f1_score

    rng = np.random.default_rng(0)
    truth, predicted = rng.choice(list("abc"), (2, 60))
    one = np.zeros(60, dtype=int)  # one sample: every draw is the table itself
    accuracy, f1 = load("published_goal").bootstrap(truth, predicted, one, np.array(list("abc")), 3)
    assert f1 == pytest.approx(f1_score(truth, predicted, average="macro"))
    assert accuracy == pytest.approx(np.mean(truth == predicted))


def test_scans_of_a_sample_answer_together(load):
    rows = [
        (0, "s", "a", 0.9, 0.1),
        (0, "s", "a", 0.4, 0.6),  # wrong alone
        (0, "t", "b", 0.6, 0.4),  # wrong in this repeat
        (1, "t", "b", 0.1, 0.9),
    ]
    columns = ["repeat", "group", "truth", "probability_a", "probability_b"]
    assert load("published_goal").per_sample(pd.DataFrame(rows, columns=columns)) == 0.75


def test_the_choice_never_sees_the_held_out_scans(load, monkeypatch):
    goal, recipes = load("published_goal"), load("published_recipes")
    table = small()
    _, test = load("published_tables").held_out(table["material"], table["sample_id"])
    table["frozen"][test] = np.nan  # would end any fit or prediction
    two = dict(list(recipes.recipes().items())[:2])
    for module in (goal, recipes):
        monkeypatch.setattr(module, "recipes", lambda: two)
    for stage in ("once", "everything"):
        monkeypatch.setattr(goal, stage, lambda *_: {})
    found = goal.goal(table, repeats=1, outer=1, folds=1)
    assert found["choice"]["training_scans"] == len(table["material"]) - len(test)
    assert found["recipe"] in two
    assert sum(found["choice"]["nested_choices"].values()) == 5


def test_only_the_added_class_loses_scans(load):
    y = np.repeat(FIVE, 80)
    kept = load("published_baselines")._cut(np.arange(320), y, 4, 57, seed=0)
    counts = pd.Series(y[kept]).value_counts().to_dict()
    assert counts == {"MoS2": 80, "WS2": 80, "WSe2": 80, "MoSe2": 57}
    assert len(set(kept)) == len(kept)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_every_recipe_tells_five_materials_apart(load):
    recipes = load("published_recipes")
    table = small(noise=0.5)
    found = recipes.ranking(
        recipes.recipes(),
        *(table[key] for key in ("frozen", "material", "sample_id")),
        repeats=1,
        seed=0,
    )
    assert found["accuracy"].min() > 0.6
    assert found["accuracy"].is_monotonic_decreasing


def test_the_kept_baselines_are_within_two_points_of_what_was_known():
    kept = json.loads((ROOT / "benchmarks/results/published.json").read_text(encoding="utf-8"))
    assert len(kept["baselines"]) == 11
    for row in kept["baselines"]:
        assert row["points_apart"] <= 2, row
        assert abs(row["known"]["f1_macro"] - row["found"]["f1_macro"]) <= 0.022, row


def test_the_known_low_data_scores_are_in_the_range_of_draws():
    kept = json.loads((ROOT / "benchmarks/results/published.json").read_text(encoding="utf-8"))
    assert len(kept["low_data"]) == 15
    for row in kept["low_data"]:
        low, high = row["range"]
        assert low - 0.005 <= row["known"] <= high + 0.005, row  # known to two digits


def test_the_page_says_what_was_measured(load):
    results_published = load("results_published")
    assert results_published.PAGE.read_text(encoding="utf-8") == results_published.page()
