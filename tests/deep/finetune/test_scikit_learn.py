"""Fine-tuned networks inside scikit-learn: searches, pipelines, calibration, processes."""

import copy

import numpy as np
import pytest
import sklearn
import torch
from deep.finetune.small import LABELS, same_state, small, stripes
from joblib import Parallel, delayed
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import StackingClassifier, VotingClassifier
from sklearn.frozen import FrozenEstimator
from sklearn.model_selection import (
    GridSearchCV,
    StratifiedGroupKFold,
    cross_val_predict,
    cross_val_score,
    cross_validate,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from tmdfeat import FineTunedCNN
from tmdfeat.deep import Rendering
from tmdfeat.preprocess import Level

X, Y, GROUPS = stripes(36)
CODES = np.unique(Y, return_inverse=True)[1]
FOLDS = StratifiedGroupKFold(3)


class Spy(FineTunedCNN):
    """Notes which groups its fits were given."""

    seen: list = []  # clones share it

    def fit(self, X, y, groups=None, validation_mask=None):
        self.seen.append(None if groups is None else tuple(groups))
        return super().fit(X, y, groups, validation_mask)


def spy(**parameters):
    Spy.seen.clear()
    return small(Spy, **parameters)


@pytest.fixture
def routing():
    with sklearn.config_context(enable_metadata_routing=True):
        yield


def folds_of_groups():
    return [tuple(GROUPS[train]) for train, _ in FOLDS.split(X, Y, GROUPS)]


@pytest.mark.usefixtures("routing")
def test_groups_reach_every_fit_of_a_cross_validation():
    cross_val_score(make_pipeline(Level(), spy()), X, Y, cv=FOLDS, params={"groups": GROUPS})
    assert Spy.seen == folds_of_groups()


@pytest.mark.usefixtures("routing")
def test_groups_reach_every_fit_of_a_search():
    search = GridSearchCV(
        make_pipeline(Level(), spy()), {"spy__lr": [0.001, 0.01]}, cv=FOLDS, error_score="raise"
    ).fit(X, Y, groups=GROUPS)
    assert Spy.seen == 2 * folds_of_groups() + [tuple(GROUPS)]
    assert search.best_params_["spy__lr"] in (0.001, 0.01)


@pytest.mark.usefixtures("routing")
def test_groups_reach_a_network_that_another_classifier_follows():
    pipe = make_pipeline(Level(), spy(), StandardScaler(), SVC())
    scores = cross_val_score(pipe, X, Y, cv=FOLDS, params={"groups": GROUPS})
    assert Spy.seen == folds_of_groups()
    assert scores.min() > 0.5


@pytest.mark.usefixtures("routing")
def test_a_mask_may_be_sent_along():
    cnn = small().set_fit_request(validation_mask=True)
    mask = np.isin(GROUPS, [0, 1, 2])
    done = cross_validate(
        make_pipeline(Level(), cnn), X, Y, cv=StratifiedGroupKFold(2), return_estimator=True,
        params={"groups": GROUPS, "validation_mask": mask}, error_score="raise",
    )  # fmt: skip
    assert len(done["estimator"]) == 2


def test_without_routing_each_fold_warns_that_it_knows_no_groups():
    with pytest.warns(UserWarning, match="no groups say") as caught:
        cross_val_score(small(), X, Y, groups=GROUPS, cv=FOLDS)
    assert len([w for w in caught if "no groups say" in str(w.message)]) == 3


def whole(**parameters):
    """No images held out, so that no groups are needed."""
    return small(**{"validation_fraction": 0, **parameters})


@pytest.mark.slow
def test_processes_give_what_one_gives():
    alone, shared = (
        cross_validate(whole(), X, Y, groups=GROUPS, cv=FOLDS, n_jobs=n, return_estimator=True)
        for n in (None, 2)
    )
    assert_allclose(alone["test_score"], shared["test_score"])
    for one, other in zip(alone["estimator"], shared["estimator"], strict=True):
        assert_allclose(one.predict_proba(X), other.predict_proba(X), rtol=1e-4)


def test_threads_give_what_one_gives():
    """Also with dropout and fresh heads, which torch draws from one state for all threads."""
    settings = [{"random_state": seed, "dropout": 0.3, "augment": "crop"} for seed in range(4)]
    alone = [whole(**each).fit(X, Y) for each in settings]
    before = torch.random.get_rng_state()
    threads = Parallel(n_jobs=4, backend="threading")
    shared = threads(delayed(whole(**each).fit)(X, Y) for each in settings)
    assert all(same_state(one, other) for one, other in zip(alone, shared, strict=True))
    assert torch.equal(torch.random.get_rng_state(), before)
    expected = alone[0].predict_proba(X)
    fresh = copy.deepcopy(alone[0])
    assert all(np.array_equal(expected, p) for p in threads([delayed(fresh.predict_proba)(X)] * 6))


def test_fit_transform_takes_groups():
    both = small().fit_transform(X, Y, groups=GROUPS)
    assert_array_equal(both, small().fit(X, Y, GROUPS).transform(X))


@pytest.mark.parametrize("frozen", [False, True])
def test_probabilities_can_be_calibrated(frozen):
    inner = FrozenEstimator(small().fit(X, Y, GROUPS)) if frozen else whole()
    p = CalibratedClassifierCV(inner, cv=2).fit(X, Y).predict_proba(X)
    assert p.shape == (36, 3)
    assert_allclose(p.sum(1), 1)


def test_a_frozen_network_is_not_taught_again_by_a_pipeline():
    fitted = small().fit(X, Y, GROUPS)
    pipe = make_pipeline(FrozenEstimator(fitted), SVC()).fit(X, Y)
    assert pipe[0].estimator is fitted
    assert_array_equal(pipe[:-1].transform(X), fitted.transform(X))


@pytest.mark.parametrize("kind", [VotingClassifier, StackingClassifier])
def test_networks_vote_and_stack(kind):
    both = kind([("a", whole()), ("b", whole(random_state=1))]).fit(X, Y)
    assert set(both.predict(X)) <= set(LABELS)


def test_probabilities_of_all_folds_are_those_of_classes():
    p = cross_val_predict(whole(), X, Y, groups=GROUPS, cv=FOLDS, method="predict_proba")
    assert_allclose(p.sum(1), 1)


@pytest.fixture(scope="module")
def fitted():
    return small().fit(X, Y, GROUPS)


@pytest.mark.parametrize(
    "wrap", [clone, lambda e: clone(make_pipeline(Level(), e))[-1], lambda e: clone(clone(e))]
)
def test_clones_begin_with_the_same_network_and_share_it(wrap, fitted):
    cloned = wrap(small(init_from=fitted))
    assert cloned.init_from is fitted
    assert not hasattr(cloned, "state_")


def test_a_clone_of_a_fitted_one_that_began_with_another_is_not_fitted(fitted):
    second = small(init_from=fitted).fit(X, Y, GROUPS)
    cloned = clone(second)
    assert cloned.init_from is fitted
    assert not hasattr(cloned, "state_")
    assert same_state(cloned.fit(X, Y, GROUPS), second)


def test_a_search_may_choose_what_to_begin_with(fitted):
    grid = {"init_from": [None, FrozenEstimator(fitted)], "head": ["replace", "keep", "new"]}
    search = GridSearchCV(whole(), grid, cv=FOLDS, error_score="raise", refit=False)
    search.fit(X, Y, groups=GROUPS)
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
    with pytest.raises(sklearn.exceptions.NotFittedError, match="FrozenEstimator"):
        search.set_params(param_grid={"init_from": [fitted]}).fit(X, Y, groups=GROUPS)


def test_what_a_network_began_with_cannot_be_changed_through_it(fitted):
    """Clones share it: a search over its parameters would change it for all of them."""
    second = small(init_from=fitted)
    assert not [name for name in second.get_params() if "__" in name]
    with pytest.raises(ValueError, match="'init_from__lr' would change the fitted estimator"):
        second.set_params(init_from__lr=0.5)
    with pytest.raises(ValueError, match="init_from__lr"):
        GridSearchCV(second, {"init_from__lr": [0.5]}, cv=2).fit(X, Y)
    assert fitted.lr == 0.01


def test_weights_of_init_from_stand_for_published_ones():
    """`weights` says nothing about a network that begins with another's."""
    scratch = whole(backbone="resnet18", max_epochs=1).fit(X[:6], Y[:6])
    second = whole(backbone="resnet18", weights="default", max_epochs=1, init_from=scratch)
    assert second.fit(X[:6], Y[:6]).best_epoch_ == 1


def test_init_from_may_have_seen_images_of_another_size(fitted):
    other = small(init_from=fitted, rendering=Rendering(size=48))
    assert other.fit(X, Y, GROUPS).predict(X).shape == (36,)


def test_it_shows_itself_short(fitted):
    pipe = make_pipeline(Level(), small(init_from=fitted))
    assert "init_from=FineTunedCNN(" in repr(pipe)
    assert "FineTunedCNN" in pipe._repr_html_()
