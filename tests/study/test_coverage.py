import numpy as np
import pandas as pd
import pytest
from deep.tiny import tiny
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_absolute_error, r2_score
from sklearn.model_selection import GridSearchCV, KFold
from sklearn.neighbors import KNeighborsRegressor

from tmdfeat import CNNFeatures
from tmdfeat.base import ImageTransformer
from tmdfeat.datasets import Field, Film, Scanner, make_tmd_afm, simulate_surface
from tmdfeat.deep import FineTunedCNNRegressor, Rendering
from tmdfeat.gate import check_images
from tmdfeat.preprocess import preset
from tmdfeat.study import coverage_study

MEAN = {"mean": DummyRegressor()}


class Average(ImageTransformer):
    """The mean height: of a map that is 1 where it is covered, the coverage."""

    def transform(self, X):
        return np.array([[image.z.mean()] for image in check_images(X)])

    def get_feature_names_out(self, input_features=None):
        return np.array(["mean"], dtype=object)


class SeesImages(RegressorMixin, ImageTransformer):
    """Answers with the mean height of the images it is given, and is fitted on nothing."""

    def predict(self, X):
        return Average().transform(X)[:, 0]


@pytest.fixture
def films():
    """24 maps of 0 and 1 with film from the left, in 8 growths."""
    share = np.random.default_rng(0).integers(2, 39, 24)
    masks = [np.arange(40) < n * np.ones((24, 1)) for n in share]
    return [mask.astype(float) for mask in masks], masks, np.arange(24) // 3


def study(films, **more):
    X, masks, groups = films
    settings = {"masks": masks, "features": Average(), "tile_px": 12, "cv": 4, "random_state": 0}
    return coverage_study(X, None, groups, **(settings | more))


def mean_of(found, metric, level):
    rows = found.summary[(found.summary["metric"] == metric) & (found.summary["level"] == level)]
    return rows.set_index("model")["mean"]


def test_what_sees_coverage_itself_has_no_error_on_tiles_and_a_small_one_on_scans(films):
    found = study(films, models={"mean": DummyRegressor(), "line": LinearRegression()})
    assert mean_of(found, "mae", "tiles")["line"] < 1e-12
    assert mean_of(found, "r2", "tiles")["line"] == pytest.approx(1)
    # What is left is what overlapping tiles blur.
    assert mean_of(found, "mae", "scans")["line"] < 0.05 < mean_of(found, "mae", "scans")["mean"]
    exact = study(films, models={"line": LinearRegression()}, tile_px=8, overlap=0)
    assert mean_of(exact, "mae", "scans")["line"] < 1e-12


def test_metrics_are_those_of_sklearn(films):
    found = study(films, models={"near": KNeighborsRegressor(2)}, repeats=2)
    scores = found.scores.set_index(["level", "repeat", "fold", "metric"])["score"].to_dict()
    for (repeat, fold), part in found.tiles.groupby(["repeat", "fold"]):
        error = mean_absolute_error(part["truth"], part["predicted"])
        assert scores["tiles", repeat, fold, "mae"] == pytest.approx(error)
    # Over folds of equal size the mean r2 is that of all predictions together.
    whole = found.scans[found.scans["repeat"] == 0]
    r2 = np.mean([scores["scans", 0, fold, "r2"] for fold in range(4)])
    assert r2 == pytest.approx(r2_score(whole["truth"], whole["predicted"]))


def test_each_scan_is_predicted_once_in_each_repeat_by_all_models(films):
    found = study(films, models={"a": DummyRegressor(), "b": KNeighborsRegressor(1)}, repeats=2)
    for _, part in found.scans.groupby(["model", "repeat"]):
        assert sorted(part["scan"]) == list(range(24))
    a, b = (found.scans[found.scans["model"] == name] for name in "ab")
    assert_array_equal(a[["repeat", "fold", "scan"]], b[["repeat", "fold", "scan"]])
    assert_allclose(a["truth"], [np.mean(films[1][scan]) for scan in a["scan"]])
    assert_array_equal(a["group"], films[2][a["scan"]])
    assert found.differences["baseline"].eq("a").all()
    assert list(found.tiles) == [
        "model", "repeat", "fold", "scan", "row", "column", "group", "truth", "predicted",
    ]  # fmt: skip


def test_without_masks_a_tile_is_taken_to_be_covered_as_its_scan(films):
    coverage = [mask.mean() for mask in films[1]]
    found = coverage_study(
        films[0], coverage, films[2], models=MEAN, features=Average(), tile_px=12
    )
    assert_allclose(found.tiles["truth"], np.array(coverage)[found.tiles["scan"]])


def test_predictions_stay_within_0_and_1(films):
    class Wild(RegressorMixin, BaseEstimator):
        def fit(self, X, y):
            return self

        def predict(self, X):
            return np.where(np.arange(len(X)) % 2, 7.0, -3.0)

    found = study(films, models={"wild": Wild()})
    assert set(found.tiles["predicted"]) == {0.0, 1.0}


@pytest.mark.parametrize("same", ["scan", "growth"])
def test_the_trap_one_scan_or_growth_on_both_sides_would_give_the_truth_away(same):
    """Tiles show whom they belong to and nothing else: coverage is drawn at random."""
    rng = np.random.default_rng(1)
    owner = np.arange(60) if same == "scan" else np.arange(60) // 3
    groups = np.arange(60) if same == "scan" else owner
    coverage = rng.random(60)[owner]
    signature = rng.normal(size=60)[owner]
    X = [np.full((24, 24), value) + 1e-6 * rng.normal(size=(24, 24)) for value in signature]
    near = {"near": KNeighborsRegressor(1)}
    settings = {"features": Average(), "models": near, "tile_px": 12, "cv": 5, "random_state": 0}
    honest = coverage_study(X, coverage, groups, **settings)
    assert mean_of(honest, "r2", "tiles")["near"] < 0
    if same == "growth":  # the trap is one: it catches who calls each scan a group
        leaky = coverage_study(X, coverage, np.arange(60), **settings)
        assert mean_of(leaky, "r2", "tiles")["near"] > 0.9


class Remembers(RegressorMixin, BaseEstimator):
    """Is shown which scan each tile is of; says 1 where it has learned from that scan."""

    def fit(self, X, y):
        self.seen_ = set(np.asarray(X)[:, 0].round(6).tolist())
        return self

    def predict(self, X):
        return [float(value in self.seen_) for value in np.asarray(X)[:, 0].round(6).tolist()]


def test_no_tile_of_a_tested_scan_is_learned_from():
    X = [np.full((30, 30), float(i)) for i in range(20)]
    coverage = np.linspace(0.1, 0.9, 20)
    found = coverage_study(
        X, coverage, np.arange(20) // 2, models={"m": Remembers()}, features=Average(), tile_px=10
    )
    assert found.tiles["predicted"].eq(0).all()


def test_what_begins_with_images_gets_the_tiles(films):
    found = study(films, models={"image": SeesImages(), "table": LinearRegression()})
    image, table = (found.tiles[found.tiles["model"] == name] for name in ("image", "table"))
    assert_allclose(image["predicted"], table["predicted"], atol=1e-9)


def test_a_search_that_mixes_groups_is_warned_of(films):
    search = GridSearchCV(KNeighborsRegressor(), {"n_neighbors": [1, 2]}, cv=KFold(2))
    with pytest.warns(UserWarning, match="one group on both sides"):
        study(films, models={"search": search})


@pytest.fixture(scope="module")
def simulated():
    data = make_tmd_afm(30, size=96, artefacts="none", maps=True, random_state=0)
    return data, [scan.layer >= 1 for scan in data.maps]


@pytest.mark.slow
def test_on_simulated_monolayers_frozen_features_beat_the_mean_by_far():
    rng = np.random.default_rng(0)
    made = [
        simulate_surface(
            Film(density=60, coverage=(share,)),
            scanner=Scanner(noise=0.03, tilt_rows=2),
            field=Field(size=96),
            random_state=seed,
        )
        for seed, share in enumerate(np.repeat(rng.uniform(0.05, 0.95, 20), 2))
    ]
    found = coverage_study(
        preset("standard").transform([scan.image for scan in made]),
        [scan.truth["coverage"] for scan in made],
        np.arange(40) // 2,
        masks=[scan.layer >= 1 for scan in made],
        features=CNNFeatures(rendering=Rendering(size=64)),
        tile_px=48,
        cv=4,
        random_state=0,
    )
    assert found.summary["model"].unique().tolist() == ["mean", "ridge", "svr", "mlp"]
    for level in ("tiles", "scans"):
        mae = mean_of(found, "mae", level)
        assert (mae[["ridge", "svr", "mlp"]] < 0.5 * mae["mean"]).all()
    rows = found.differences.query("metric == 'mae' and level == 'scans'").set_index("model")
    assert rows.loc["ridge", "high"] < 0


def test_networks_frozen_and_fine_tuned_run_side_by_side(simulated):
    data, masks = simulated
    rendering = Rendering(size=32)
    tuned = FineTunedCNNRegressor(
        tiny, weights=None, output="sigmoid", max_epochs=2, rendering=rendering, random_state=0
    )
    found = coverage_study(
        data.images,
        None,
        data.groups,
        masks=masks,
        models={"frozen": KNeighborsRegressor(), "tuned": tuned},
        features=CNNFeatures(tiny, weights=None, rendering=rendering, layers=("pool",)),
        tile_px=48,
        cv=2,
        random_state=0,
    )
    rows = found.tiles[found.tiles["model"] == "tuned"]
    assert rows["predicted"].between(0, 1).all()
    assert rows["predicted"].nunique() > 10
    again = clone_of(found, data, masks, tuned)
    assert_array_equal(rows["predicted"], again["predicted"])


def clone_of(found, data, masks, tuned) -> pd.DataFrame:
    more = {"models": {"tuned": tuned}, "tile_px": 48, "cv": 2, "random_state": 0}
    return coverage_study(data.images, None, data.groups, masks=masks, **more).tiles


COVERAGE = np.linspace(0, 1, 6)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"coverage": None}, "coverage is needed"),
        ({"coverage": COVERAGE * 100}, r"must be in 0..1, got 20 for X\[1\].*divide by 100"),
        ({"coverage": COVERAGE[:5]}, r"X has 6 scans, but coverage has shape \(5,\)"),
        ({"coverage": [0.1, None, *COVERAGE[2:]]}, "missing"),
        ({"coverage": np.full(6, 0.3)}, "nothing to learn"),
        ({"coverage": list("abcdef")}, "coverage must be numbers.*got e.g. 'a'"),
        ({"groups": None}, "groups is needed"),
        ({"groups": [0, 0, 0, 1, 1, 1]}, "at least 3 groups, got 2"),
        ({"groups": [0, 1]}, r"groups has shape \(2,\)"),
        ({"cv": 1}, "cv must be an integer of at least 2"),
        ({"models": {}}, "models must map names"),
        ({"masks": [np.eye(8, dtype=bool)] * 6}, r"coverage of X\[5\] is given as 1.000, but"),
        ({"masks": [np.eye(8, dtype=bool)] * 5}, "there are 5 masks"),
    ],
)
def test_it_says_what_is_wrong(more, says):
    settings = {"coverage": COVERAGE, "groups": range(6), "cv": 3, "models": MEAN, "tile_px": 4}
    with pytest.raises(ValueError, match=says):
        coverage_study(np.zeros((6, 8, 8)), features=Average(), **(settings | more))


def test_an_iterator_of_masks_is_taken_and_one_of_scans_is_refused():
    masks = [np.arange(64).reshape(8, 8) < 10 * n for n in range(1, 7)]
    settings = {"groups": range(6), "cv": 3, "models": MEAN, "tile_px": 4, "features": Average()}
    scans = np.zeros((6, 8, 8))
    found = coverage_study(scans, None, masks=iter(masks), random_state=0, **settings)
    same = coverage_study(scans, None, masks=masks, random_state=0, **settings)
    assert found.scans["truth"].tolist() == same.scans["truth"].tolist()
    with pytest.raises(TypeError, match=r"X must hold samples.*use list\(X\)"):
        coverage_study(iter(scans), None, masks=masks, **settings)
