"""What stays of a fit: in memory, in pickles, in files, and after one that failed."""

import pickle

import numpy as np
import pytest
import sklearn
from deep.finetune.small import LABELS, same_state, small, small_regressor, stripes
from deep.tiny import tiny
from numpy.testing import assert_array_equal

from tmdfeat import FineTunedCNN
from tmdfeat.deep import Architecture, Rendering
from tmdfeat.deep.finetune import estimator

X, Y, GROUPS = stripes(36)
CODES = np.unique(Y, return_inverse=True)[1]


def whole(**parameters):
    """No images held out, so that no groups are needed."""
    return small(**{"validation_fraction": 0, **parameters})


def test_a_pickle_holds_the_weights_once_and_nothing_else():
    cnn = whole(backbone="surfacenet", max_epochs=1).fit(X[:6], Y[:6])
    cnn.predict(X[:6])
    weights = sum(value.nbytes for value in cnn.state_.values())
    assert len(pickle.dumps(cnn)) < 1.01 * weights
    again = pickle.loads(pickle.dumps(cnn))
    assert_array_equal(again.predict_proba(X), cnn.predict_proba(X))


def test_networks_are_let_go_with_their_estimators():
    cnn = small().fit(X, Y, GROUPS)
    before = len(estimator._networks)
    cnn.predict(X)
    assert len(estimator._networks) == before + 1
    del cnn
    assert len(estimator._networks) == before


def interrupted(monkeypatch, estimator_, *arguments):
    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(estimator, "train", stop)
        with pytest.raises(KeyboardInterrupt):
            estimator_.fit(*arguments)


def test_a_fit_that_was_stopped_leaves_the_one_before_as_it_was(monkeypatch):
    """Weights of one fit must not answer with the labels of another."""
    cnn = small().fit(X, Y, GROUPS)
    expected = cnn.predict(X)
    interrupted(monkeypatch, cnn, X, np.char.add(Y, "!"), GROUPS)
    assert_array_equal(cnn.predict(X), expected)


def test_the_same_holds_for_units_of_values(monkeypatch):
    cnn = small_regressor().fit(X, CODES + 1.0, GROUPS)
    expected = cnn.predict(X)
    interrupted(monkeypatch, cnn, X, CODES * 1e6, GROUPS)
    assert_array_equal(cnn.predict(X), expected)


@pytest.mark.parametrize("make", [small, small_regressor])
def test_a_first_fit_that_failed_is_no_fit(make):
    cnn = make()
    with pytest.raises(ValueError, match="booleans"):
        cnn.fit(X, CODES, GROUPS, validation_mask=np.zeros(3, bool))
    with pytest.raises(sklearn.exceptions.NotFittedError):
        cnn.predict(X)


def test_partial_fit_follows_the_parameters_of_its_time():
    cnn = small(freeze="body", lr=0.001).partial_fit(X, Y, classes=LABELS)
    before = cnn.state_["body.module.conv.weight"]
    cnn.set_params(freeze=None, lr=0.02, stage_lr_decay=0.5).partial_fit(X, Y)
    assert cnn.history_["lr"].tolist() == [0.001, 0.02]
    middle = cnn.state_["body.module.conv.weight"]
    assert not np.array_equal(before, middle)
    cnn.set_params(freeze="body").partial_fit(X, Y)
    assert_array_equal(cnn.state_["body.module.conv.weight"], middle)


def test_partial_fit_after_a_cosine_has_its_learning_rate_again():
    cnn = small(schedule="cosine", max_epochs=6).fit(X, Y, GROUPS).partial_fit(X, Y)
    assert cnn.history_["lr"].iloc[-1] == 0.01


def test_partial_fit_goes_on_equally_after_pickling_also_in_channels_last():
    first = whole(backbone="surfacenet", lr=0.001).partial_fit(X[:8], CODES[:8], classes=[0, 1, 2])
    again = pickle.loads(pickle.dumps(first))
    both = [
        one.partial_fit(X[:8], CODES[:8]).partial_fit(X[:8], CODES[:8]) for one in (first, again)
    ]
    assert same_state(*both)


def test_a_random_state_of_numpy_does_not_keep_a_fit_from_being_saved(tmp_path):
    rendering = Rendering(size=np.int64(32))
    cnn = small(random_state=np.random.RandomState(0), rendering=rendering).fit(X, Y, GROUPS)
    cnn.save(tmp_path / "cnn.safetensors")
    loaded = FineTunedCNN.load(tmp_path / "cnn.safetensors", backbone=tiny)
    assert loaded.random_state is None
    assert_array_equal(loaded.predict_proba(X), cnn.predict_proba(X))


def states(folder):
    return {path.name for path in folder.glob("*.safetensors")}


def test_checkpoints_tell_materials_with_the_same_elements_apart(tmp_path):
    """MoS2 and WSe2, or MoSe2 and WS2: four elements each time, and two classes."""
    y = np.where(CODES > 0, 1, 0)
    for pair in (["MoS2", "WSe2"], ["MoSe2", "WS2"]):
        whole(loss="atoms", checkpoint=tmp_path).fit(X, np.array(pair)[y])
    assert len(states(tmp_path)) == 2


def test_checkpoints_tell_networks_that_normalise_otherwise_apart(tmp_path):
    for mean in (0.4, 0.5):
        network = Architecture(tiny, size=32, mean=(mean,) * 3, std=(0.2,) * 3)
        whole(backbone=network, checkpoint=tmp_path).fit(X, Y)
    assert len(states(tmp_path)) == 2
