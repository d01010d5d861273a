import warnings

import numpy as np
import pytest
import sklearn
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import AdaBoostClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    RandomizedSearchCV,
    StratifiedGroupKFold,
    StratifiedKFold,
)
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

from tmdfeat.evaluate import run_folds
from tmdfeat.evaluate.routing import fit_with_groups
from tmdfeat.targets import EncodedClassifier

RNG = np.random.default_rng(0)
Y = np.tile(np.repeat(["MoS2", "WS2"], 2), 6)
X = RNG.normal(size=(24, 2)) + 5 * (Y == "WS2")[:, None]
GROUPS = np.arange(24) // 2


class Splitter(StratifiedGroupKFold):
    """Fails unless it sees the groups that belong to these samples."""

    def split(self, X, y=None, groups=None):
        assert groups is not None
        assert np.array_equal(groups, GROUPS[: len(X)])
        yield from super().split(X, y, groups)


def search(model, grid, cv):
    return GridSearchCV(model, grid, cv=cv)


NESTED = {
    "whole": search(LogisticRegression(), {"C": [0.1, 1]}, Splitter(2)),
    "last step": make_pipeline(
        StandardScaler(), search(LogisticRegression(), {"C": [0.1, 1]}, StratifiedGroupKFold(2))
    ),
    "around a pipeline with XGBoost": search(
        make_pipeline(StandardScaler(), EncodedClassifier(XGBClassifier(n_estimators=2, n_jobs=1))),
        {"encodedclassifier__estimator__max_depth": [1, 2]},
        Splitter(2),
    ),
}


@pytest.mark.parametrize("estimator", NESTED.values(), ids=NESTED)
def test_nested_searches_get_the_groups(estimator):
    assert fit_with_groups(estimator, X, Y, GROUPS).score(X, Y) > 0.9


def test_without_it_a_nested_search_fails():
    with pytest.raises(ValueError, match="groups"):
        NESTED["last step"].fit(X, Y)


@pytest.mark.parametrize(
    "estimator",
    [
        LogisticRegression(),
        EncodedClassifier(LogisticRegression()),
        search(LogisticRegression(), {"C": [0.1, 1]}, 2),
        make_pipeline(StandardScaler(), AdaBoostClassifier(n_estimators=2)),  # cannot route
        AdaBoostClassifier(n_estimators=2),
    ],
    ids=["plain", "encoded", "search without groups", "AdaBoost in a pipeline", "AdaBoost"],
)
def test_whoever_asks_for_no_groups_gets_none(estimator):
    assert fit_with_groups(estimator, X, Y, GROUPS).score(X, Y) > 0.9


def warnings_of(estimator, groups=GROUPS):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run_folds(estimator, X, Y, groups, cv=2, repeats=2, random_state=0)
    return [str(w.message) for w in caught]


C = {"C": [0.1, 1]}
MIXING = {
    "cv": search(LogisticRegression(), C, 3),
    "gridsearchcv__cv": make_pipeline(StandardScaler(), search(LogisticRegression(), C, None)),
    "inner__cv": Pipeline(
        [("inner", RandomizedSearchCV(LogisticRegression(), C, n_iter=1, cv=StratifiedKFold(3)))]
    ),
}


@pytest.mark.parametrize("name", MIXING)
def test_a_search_that_mixes_groups_is_warned_of_once_with_the_parameter_to_change(name):
    [text] = warnings_of(MIXING[name])
    assert f"set_params({name}=StratifiedGroupKFold(3))" in text
    mended = clone(MIXING[name]).set_params(**{name: StratifiedGroupKFold(3)})
    assert warnings_of(mended) == []


def test_a_search_where_groups_do_not_get_is_told_to_move():
    [text] = warnings_of(EncodedClassifier(search(LogisticRegression(), C, 3)))
    assert "put the search outside" in text
    outside = search(EncodedClassifier(LogisticRegression()), {}, StratifiedGroupKFold(3))
    assert warnings_of(outside) == []


def test_a_search_over_samples_that_stand_alone_is_not_warned_of():
    assert warnings_of(MIXING["cv"], groups=np.arange(24)) == []


def test_cv_that_chooses_nothing_is_not_warned_of():
    assert warnings_of(CalibratedClassifierCV(LogisticRegression(), cv=2)) == []


class SeesConfig(ClassifierMixin, BaseEstimator):
    def fit(self, X, y):
        self.routing_ = sklearn.get_config()["enable_metadata_routing"]
        return self


@pytest.mark.parametrize("routing", [False, True])
def test_the_users_configuration_stays(routing):
    with sklearn.config_context(enable_metadata_routing=routing):
        assert fit_with_groups(SeesConfig(), X, Y, GROUPS).routing_ is routing
        fit_with_groups(NESTED["whole"], X, Y, GROUPS)
        assert sklearn.get_config()["enable_metadata_routing"] is routing
