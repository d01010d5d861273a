import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from tmdfeat import PhysicalFeatures
from tmdfeat.evaluate import run_folds
from tmdfeat.evaluate.entrance import takes_images
from tmdfeat.preprocess import preset
from tmdfeat.targets import AtomClassifier, BinnedRegressor, EncodedClassifier, OrdinalClassifier

Y = np.tile(np.repeat(["MoS2", "WS2"], 2), 6)
GROUPS = np.arange(24) // 2
ROUGHNESS = PhysicalFeatures(names=["Sq"], scale="px")


def maps():
    rough = np.where(Y == "WS2", 5.0, 1.0)[:, None, None]
    return np.random.default_rng(0).normal(size=(24, 6, 6)) * rough


def objects(stack):
    found = np.empty(len(stack), dtype=object)
    found[:] = list(stack)
    return found


MODELS = {
    "pipeline": make_pipeline(ROUGHNESS, LogisticRegression()),
    "preset first": make_pipeline(preset("plane"), ROUGHNESS, LogisticRegression()),
    "union": make_pipeline(
        FeatureUnion([("a", make_pipeline(ROUGHNESS, StandardScaler())), ("b", "drop")]),
        LogisticRegression(),
    ),
    "encoded": EncodedClassifier(make_pipeline(ROUGHNESS, LogisticRegression())),
    "atoms": AtomClassifier(make_pipeline(ROUGHNESS, KNeighborsClassifier())),
    "ordinal": OrdinalClassifier(
        make_pipeline(ROUGHNESS, LogisticRegression()), order=["MoS2", "WS2"]
    ),
}
OTHERS = {
    "table": make_pipeline(StandardScaler(), LogisticRegression()),
    "own reader": make_pipeline(FunctionTransformer(), ROUGHNESS, LogisticRegression()),
    "passthrough": make_pipeline("passthrough", LogisticRegression()),
    "union of both": FeatureUnion([("a", ROUGHNESS), ("b", FunctionTransformer())]),
    "search": GridSearchCV(make_pipeline(ROUGHNESS, LogisticRegression()), {}),
}


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_what_begins_with_an_image_step_takes_images(model):
    assert takes_images(model)


def test_so_does_what_regresses_images():
    assert takes_images(BinnedRegressor(make_pipeline(ROUGHNESS, LinearRegression())))
    assert not takes_images(BinnedRegressor(LinearRegression()))


@pytest.mark.parametrize("model", OTHERS.values(), ids=OTHERS)
def test_everything_else_gets_x_as_it_came(model):
    assert not takes_images(model)


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
@pytest.mark.parametrize("kind", [list, tuple, pd.Series, objects, np.asarray])
def test_errors_in_folds_name_the_position_in_the_whole_of_x(model, kind):
    stack = maps()
    stack[15, 2, 2] = np.inf
    X = kind(stack) if kind in (np.asarray, objects) else kind(list(stack))
    with pytest.raises(ValueError, match=r"^X\[15\]: heights must not be infinite"):
        run_folds(model, X, Y, GROUPS, cv=2, random_state=0)


def test_a_file_that_is_missing_stops_the_run_before_it_starts(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"X\[0\]: there is no file"):
        run_folds(MODELS["pipeline"], [tmp_path / "a.npy"] * 24, Y, GROUPS, cv=2)


def test_a_stack_reaches_a_pipeline_that_wants_an_array():
    spread = FunctionTransformer(lambda X: X.std(axis=(1, 2))[:, None])
    model = make_pipeline(spread, LogisticRegression())
    scores = run_folds(model, maps(), Y, GROUPS, cv=2, random_state=0).scores["score"]
    assert scores.min() == 1  # five times as rough
