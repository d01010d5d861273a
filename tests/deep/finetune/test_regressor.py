import pickle

import numpy as np
import pytest
from as_table import AsTable
from deep.finetune.small import SIZE, same_state, small, small_regressor
from deep.tiny import tiny
from numpy.testing import assert_allclose
from sklearn.base import clone
from sklearn.metrics import r2_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.utils.estimator_checks import estimator_checks_generator, parametrize_with_checks

from tmdfeat.deep import FineTunedCNNRegressor, Rendering


class TableTuned(AsTable, FineTunedCNNRegressor):
    def __init__(
        self,
        backbone=tiny,
        *,
        weights=None,
        rendering=None,
        max_epochs=20,
        lr=0.03,
        augment=None,
        validation_fraction=0,
        random_state=0,
    ):
        super().__init__(
            backbone,
            weights=weights,
            rendering=rendering,
            max_epochs=max_epochs,
            lr=lr,
            augment=augment,
            validation_fraction=validation_fraction,
            random_state=random_state,
        )

    def predict(self, X):
        return super().predict(self._images(X, reset=False))

    def partial_fit(self, X, y):
        first = not hasattr(self, "state_")
        return super().partial_fit(self._images(X, reset=first), y)


NM = Rendering(-6, 6, unit="nm", size=SIZE)


@parametrize_with_checks([TableTuned(rendering=NM)], xfail_strict=True)
def test_follows_sklearn(estimator, check):
    check(estimator)


def test_the_battery_is_not_empty():
    assert len(list(estimator_checks_generator(TableTuned()))) >= 40


def covered(n=48, side=40, seed=0):
    """Maps of which a random share of pixels is high; two of each sample."""
    rng = np.random.default_rng(seed)
    share = rng.uniform(0.1, 0.9, n)
    return (rng.random((n, side, side)) < share[:, None, None]).astype(float), share


@pytest.mark.parametrize("output", ["linear", "sigmoid"])
def test_learns_the_coverage_of_scans_it_has_not_seen(output):
    X, share = covered()
    groups = np.arange(48) // 2
    model = small_regressor(output=output, max_epochs=60, lr=0.02, validation_fraction=0)
    found = cross_val_predict(model, X, share, groups=groups, cv=GroupKFold(2))
    assert r2_score(share, found) > 0.7


def test_units_do_not_matter():
    X, share = covered(24)
    one = small_regressor(validation_fraction=0, max_epochs=5).fit(X, share)
    degrees = small_regressor(validation_fraction=0, max_epochs=5).fit(X, 950 + 50 * share)
    assert_allclose(degrees.predict(X), 950 + 50 * one.predict(X), rtol=1e-4)


def test_scale_is_learned_from_the_images_learned_from_alone():
    X, share = covered(24)
    chosen = np.arange(24) < 4
    model = small_regressor().fit(X, share, validation_mask=chosen)
    assert model.middle_ == pytest.approx(share[~chosen].mean())
    assert model.spread_ == pytest.approx(share[~chosen].std())


def test_a_sigmoid_wants_values_between_0_and_1():
    X, _ = covered(8)
    with pytest.raises(ValueError, match=r"from 900 to 1000.*linear"):
        small_regressor(output="sigmoid").fit(X, np.linspace(900, 1000, 8), np.arange(8))


def test_begins_with_what_a_classifier_learned():
    X, share = covered(24)
    groups = np.arange(24)
    before = small().fit(X, share > 0.5, groups)
    model = small_regressor(init_from=before, lr=1e-12, batch_norm="frozen", max_epochs=1)
    model.fit(X, share, groups)
    assert_allclose(model.transform(X), before.transform(X), rtol=1e-4, atol=1e-5)


def test_saves_clones_and_pickles(tmp_path):
    X, share = covered(12)
    model = small_regressor(validation_fraction=0).fit(X, share)
    model.save(tmp_path / "model.safetensors")
    loaded = FineTunedCNNRegressor.load(tmp_path / "model.safetensors", backbone=tiny)
    for other in (loaded, pickle.loads(pickle.dumps(model))):
        assert same_state(other, model)
        assert_allclose(other.predict(X), model.predict(X))
    assert not hasattr(clone(model), "state_")
