import pickle

import numpy as np
import pytest
import torch
from as_table import AsTable
from deep.finetune.small import LABELS, SIZE, same_state, small, stripes
from deep.tiny import tiny, wide
from image_checks import FILE_CHECKS, IMAGE_CHECKS
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import estimator_checks_generator, parametrize_with_checks

from tmdfeat import CNNFeatures, FineTunedCNN
from tmdfeat.deep import Rendering
from tmdfeat.deep.finetune import estimator
from tmdfeat.deep.finetune.losses import CrossEntropy
from tmdfeat.deep.finetune.training import train
from tmdfeat.evaluate import run_folds
from tmdfeat.gate import check_images
from tmdfeat.preprocess import Level
from tmdfeat.targets import AtomCodec


class TableTuned(AsTable, FineTunedCNN):
    """For scikit-learn's battery: rows of a table as images, and no images held out."""

    def __init__(
        self,
        backbone=tiny,
        *,
        weights=None,
        rendering=None,
        max_epochs=15,
        lr=0.05,
        sampler="shuffle",
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
            sampler=sampler,
            augment=augment,
            validation_fraction=validation_fraction,
            random_state=random_state,
        )

    def predict(self, X):
        return super().predict(self._images(X, reset=False))

    def predict_proba(self, X):
        return super().predict_proba(self._images(X, reset=False))

    def partial_fit(self, X, y, classes=None):
        first = not hasattr(self, "state_")
        return super().partial_fit(self._images(X, reset=first), y, classes)


NM = Rendering(-6, 6, unit="nm", size=SIZE)


@parametrize_with_checks([TableTuned(rendering=NM)], xfail_strict=True)
def test_follows_sklearn(estimator, check):
    check(estimator)


def test_the_battery_is_not_empty():
    assert len(list(estimator_checks_generator(TableTuned()))) >= 40


class Labelled(FineTunedCNN):
    """For checks that fit without labels: a seeded network that hardly learns."""

    def fit(self, X, y=None):
        return super().fit(X, np.arange(len(check_images(X))) % 2 if y is None else y)


def labelled():
    still = {"lr": 1e-30, "batch_norm": "frozen", "max_epochs": 1}
    return small(Labelled, validation_fraction=0, **still)


@pytest.mark.parametrize(
    "check", [c for c in IMAGE_CHECKS if "pickle" not in c.__name__], ids=lambda c: c.__name__
)
def test_follows_the_image_checks(check):
    check(labelled())


@pytest.mark.parametrize("check", FILE_CHECKS)
def test_follows_the_file_checks(check, tmp_path):
    check(labelled(), tmp_path)


def test_learns_what_separates_classes_of_other_samples():
    X, y, groups = stripes(48)
    train, test = groups < 9, groups >= 9
    model = small(max_epochs=30, lr=0.03).fit(X[train], y[train], groups[train])
    assert model.score(X[test], y[test]) == 1.0
    assert model.history_["loss"].iloc[-1] < 0.5 * model.history_["loss"].iloc[0]


def test_two_fits_with_one_seed_are_equal_and_other_seeds_are_not():
    X, y, groups = stripes()
    first, again = (small().fit(X, y, groups) for _ in range(2))
    assert same_state(first, again)
    assert not same_state(first, small(random_state=1).fit(X, y, groups))


@pytest.mark.parametrize("weights", [None, "file"])
def test_every_fit_begins_anew(weights, tmp_path):
    """Folds never inherit: fitting twice is fitting once."""
    X, y, groups = stripes()
    if weights == "file":
        weights = tmp_path / "weights.pth"
        state = tiny().state_dict()
        state["bn.running_mean"] += 0.1
        torch.save(state, weights)
    model = small(weights=weights)
    once = clone(model).fit(X, y, groups)
    model.fit(X[::2], y[::2], groups[::2])
    assert same_state(model.fit(X, y, groups), once)


def test_weights_without_statistics_for_their_batch_norms_are_pointed_out(tmp_path):
    X, y, groups = stripes()
    torch.save(tiny().state_dict(), tmp_path / "weights.pth")  # mean 0, variance 1
    with pytest.warns(UserWarning, match="batch_norm='frozen'") as caught:
        small(weights=tmp_path / "weights.pth").fit(X, y, groups)
    assert caught[0].filename == __file__
    small(weights=tmp_path / "weights.pth", batch_norm="frozen").fit(X, y, groups)
    small(weights=None).fit(X, y, groups)


def test_the_same_folds_in_another_order_give_the_same_models():
    X, y, groups = stripes(36)
    folds = list(GroupKFold(3).split(X, y, groups))
    ways = [run_folds(small(), X, y, groups, cv=cv, keep_estimators=True).folds
            for cv in (folds, folds[::-1])]  # fmt: skip
    for one, other in zip(ways[0], ways[1][::-1], strict=True):
        assert same_state(one.estimator, other.estimator)


def test_torch_and_numpy_keep_their_random_state():
    X, y, groups = stripes()
    torch.manual_seed(5)
    np.random.seed(5)  # noqa: NPY002
    before = torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    small(dropout=0.5, augment="rotation").fit(X, y, groups)
    assert torch.equal(before[0], torch.get_rng_state())
    assert_array_equal(before[1], np.random.get_state()[1])  # noqa: NPY002


def test_probabilities_belong_to_classes_and_predictions():
    X, y, groups = stripes()
    model = small(max_epochs=5).fit(X, y, groups)
    p = model.predict_proba(X)
    assert_allclose(p.sum(1), 1)
    assert_array_equal(model.classes_, np.unique(y))
    assert_array_equal(model.predict(X), model.classes_[p.argmax(1)])


def test_folds_send_each_held_out_image_through_the_network_once(monkeypatch):
    X, y, groups = stripes(36)
    seen = []
    real = FineTunedCNN._outputs

    def counted(self, X):
        seen.append(len(X))
        return real(self, X)

    monkeypatch.setattr(FineTunedCNN, "_outputs", counted)
    results = run_folds(small(max_epochs=1), X, y, groups, cv=3)
    assert sum(seen) == len(X) == len(results.predictions)


def test_transform_is_the_input_of_the_last_layer():
    X, y, groups = stripes()
    model = small().fit(X, y, groups)
    hidden = model.transform(X)
    last = model.state_["last.weight"], model.state_["last.bias"]
    logits = np.maximum(hidden, 0) @ last[0].T + last[1]
    odds = np.exp(logits - logits.max(1, keepdims=True))
    assert_allclose(model.predict_proba(X), odds / odds.sum(1, keepdims=True), rtol=1e-4)
    assert hidden.min() < 0, "before the ReLU"
    assert model.get_feature_names_out().tolist() == [f"tiny.tuned_{i}" for i in range(8)]


def test_a_frozen_body_gives_the_features_of_the_pretrained_network():
    X, y, groups = stripes()
    model = small(freeze="body", hidden=()).fit(X, y, groups)
    frozen = CNNFeatures(tiny, weights=None, rendering=Rendering(size=SIZE), random_state=0)
    assert_allclose(model.transform(X), frozen.fit_transform(X), rtol=1e-5, atol=1e-6)


def test_history_says_what_happened():
    X, y, groups = stripes(48)
    model = small(max_epochs=6).fit(X, y, groups)
    history = model.history_
    assert history["epoch"].tolist() == [1, 2, 3, 4, 5, 6]
    assert model.loss_curve_ == history["loss"].tolist()
    best = history.sort_values(
        ["validation_score", "validation_loss", "epoch"], ascending=[False, True, True]
    )
    assert model.best_epoch_ == best["epoch"].iloc[0]


def test_the_best_epochs_weights_are_kept():
    X, y, groups = stripes(48)
    long = small(max_epochs=6).fit(X, y, groups)
    short = small(max_epochs=long.best_epoch_, select="last").fit(X, y, groups)
    assert same_state(long, short)


def test_the_validation_score_is_that_of_the_chosen_images():
    X, y, groups = stripes(48)
    chosen = np.isin(groups, [0, 1, 2])
    model = small(max_epochs=3).fit(X, y, groups, validation_mask=chosen)
    score = f1_score(y[chosen], model.predict(X[chosen]), average="macro")
    assert model.history_["validation_score"].max() == pytest.approx(score)


def test_images_are_in_memory_once(monkeypatch):
    X, y, groups = stripes()
    tensors = []
    monkeypatch.setattr(
        estimator, "train", lambda net, optimizer, a, b, *rest: tensors.extend([a.grey, b.grey])
        or train(net, optimizer, a, b, *rest)
    )  # fmt: skip
    small().fit(X, y, groups)
    learned, held = tensors
    assert learned.untyped_storage().data_ptr() == held.untyped_storage().data_ptr()
    assert len(learned) + len(held) == len(X)


def test_patience_stops():
    X, y, groups = stripes()
    model = small(lr=1e-30, max_epochs=50, patience=3, select="loss", batch_norm="frozen")
    history = model.fit(X, y, groups).history_
    assert len(history) == model.best_epoch_ + 3 < 50


def test_run_folds_hands_groups_over():
    X, y, groups = stripes(36)
    pipeline = make_pipeline(Level(), small())
    results = run_folds(pipeline, X, y, groups, cv=3, keep_estimators=True)  # no warning: an error
    for fold in results.folds:
        assert fold.estimator[-1].history_["validation_score"].notna().all()


def test_warns_where_nothing_says_what_belongs_together():
    X, y, _ = stripes()
    with pytest.warns(UserWarning, match="no groups say"):
        small().fit(X, y)


def test_works_in_cross_val_score_without_held_out_images():
    X, y, groups = stripes(36)
    model = small(validation_fraction=0, max_epochs=20, lr=0.03)
    scores = cross_val_score(model, X, y, groups=groups, cv=StratifiedGroupKFold(3))
    assert scores.mean() > 0.8


@pytest.mark.parametrize("parameters", [{"loss": "atoms"}, {"loss": "cross_entropy"}])
def test_learns_with_every_loss(parameters):
    X, y, groups = stripes(36)
    model = small(max_epochs=30, lr=0.03, **parameters).fit(X, y, groups)
    assert model.score(X, y) > 0.9


def test_atoms_are_asked_for_one_by_one():
    X, y, groups = stripes()
    model = small(loss="atoms", atoms=("W", "Mo", "S", "Se")).fit(X, y, groups)
    assert model.outputs_ == ("W", "Mo", "S", "Se")
    atoms = model.predict_atoms(X)
    codec = AtomCodec(atoms=("W", "Mo", "S", "Se")).fit(LABELS)
    assert_allclose(model.predict_proba(X), codec.likelihoods(atoms), rtol=1e-5)
    assert_array_equal(model.predict(X), codec.inverse_transform(atoms))


def test_labels_unknown_to_the_codec_are_named():
    X, y, groups = stripes()
    with pytest.raises(ValueError, match=r"atoms=\['Mo', 'S'\] must name.*'Se', 'W'"):
        small(loss="atoms", atoms=("Mo", "S")).fit(X, y, groups)
    with pytest.raises(ValueError, match="formula"):
        small(loss="atoms").fit(X, np.where(y == "WS2", "sample one", y), groups)


def test_ordinal_classes_have_their_order():
    X, y, groups = stripes(36)
    degrees = np.select([y == "WS2", y == "MoS2"], [1000, 900], 950)
    model = small(loss="ordinal", max_epochs=40, lr=0.03).fit(X, degrees, groups)
    assert model.outputs_ == ("900 < 950", "950 < 1000")
    assert model.score(X, degrees) > 0.9
    named = small(loss="ordinal", class_order=("MoS2", "WSe2", "WS2"), max_epochs=40, lr=0.03)
    named.fit(X, y, groups)
    assert_array_equal(named.predict(X) == "WS2", model.predict(X) == 1000)
    assert_allclose(named.predict_proba(X), model.predict_proba(X)[:, [0, 2, 1]], rtol=1e-4)


def test_ordinal_text_needs_an_order():
    X, y, groups = stripes()
    with pytest.raises(ValueError, match="class_order="):
        small(loss="ordinal").fit(X, y, groups)
    with pytest.raises(ValueError, match="must name each of"):
        small(loss="ordinal", class_order=("WS2", "MoS2")).fit(X, y, groups)


def test_init_from_begins_where_the_other_ended():
    X, y, groups = stripes()
    before = small(max_epochs=3).fit(X, y, groups)
    after = small(init_from=before, head="keep", lr=1e-12, batch_norm="frozen", max_epochs=1)
    after.fit(X, y, groups)
    assert_allclose(after.predict_proba(X), before.predict_proba(X), rtol=1e-4)


@pytest.mark.parametrize(
    ("head", "kept"), [("replace", ["body", "hidden"]), ("keep", ["body", "hidden", "last"]),
                       ("new", ["body"])]
)  # fmt: skip
def test_head_says_what_is_taken_over(head, kept):
    X, y, groups = stripes()
    before = small(max_epochs=2).fit(X, y, groups)
    still = {"lr": 1e-12, "batch_norm": "frozen", "max_epochs": 1}
    after = small(init_from=before, head=head, **still).fit(X, y, groups)
    fresh = small(random_state=0, **still).fit(X, y, groups)
    for name, value in after.state_.items():
        source = before if name.split(".")[0] in kept else fresh
        assert_allclose(value, source.state_[name], atol=1e-9, err_msg=name)


def test_two_classes_grow_to_three():
    X, y, groups = stripes(48)
    two = y != "WSe2"
    before = small(max_epochs=10, lr=0.03).fit(X[two], y[two], groups[two])
    after = clone(small(init_from=before, max_epochs=20, lr=0.03)).fit(X, y, groups)
    assert before.state_["last.weight"].shape == (2, 8)
    assert after.state_["last.weight"].shape == (3, 8)
    assert after.score(X, y) > 0.9


def test_elements_stay_where_materials_are_added():
    X, y, groups = stripes(48)
    two = y != "WSe2"
    atoms = ("Mo", "W", "S", "Se")
    before = small(loss="atoms", atoms=atoms).fit(X[two], y[two], groups[two])
    assert set(before.predict(X)) <= {"MoS2", "WS2"}, "what it has not seen it does not answer"
    after = small(loss="atoms", atoms=atoms, init_from=before, head="keep", max_epochs=30, lr=0.03)
    assert after.fit(X, y, groups).score(X, y) > 0.9


@pytest.mark.parametrize("source", ["estimator", "path", "clone"])
def test_init_from_survives_clone_and_may_be_a_file(source, tmp_path):
    X, y, groups = stripes()
    before = small().fit(X, y, groups)
    given = before
    if source == "path":
        # A file cannot hold the function that builds `tiny`; a name can be kept.
        before = small(FineTunedCNN, backbone="surfacenet", max_epochs=1).fit(X, y, groups)
        before.save(given := tmp_path / "before.safetensors")
    model = small(backbone=before.backbone, init_from=given, max_epochs=1)
    again = clone(model)
    assert again.init_from is given
    assert not hasattr(clone(before), "state_"), "a clone itself is not fitted"
    assert same_state(model.fit(X, y, groups), again.fit(X, y, groups))


def test_init_from_that_does_not_fit_is_refused():
    X, y, groups = stripes()
    before = small().fit(X, y, groups)
    two = y != "WSe2"
    with pytest.raises(ValueError, match=r"is a tiny, this one a wide"):
        small(backbone=wide, init_from=before).fit(X, y, groups)
    with pytest.raises(ValueError, match=r"outputs that mean the same"):
        small(init_from=before, head="keep").fit(X[two], y[two], groups[two])
    with pytest.raises(ValueError, match=r"head='new'"):
        small(init_from=before, hidden=(8, 4)).fit(X, y, groups)
    with pytest.raises(ValueError, match=r"is not fitted"):
        small(init_from=small()).fit(X, y, groups)
    with pytest.raises(TypeError, match=r"fitted FineTunedCNN"):
        small(init_from=CNNFeatures()).fit(X, y, groups)


def test_classes_in_another_order_are_refused():
    X, y, groups = stripes()
    before = small(loss="atoms", atoms=("Mo", "W", "S", "Se")).fit(X, y, groups)
    turned = small(loss="atoms", atoms=("W", "Mo", "S", "Se"), init_from=before, head="keep")
    with pytest.raises(ValueError, match="another order"):
        turned.fit(X, y, groups)


def test_pickles_with_what_it_learned():
    X, y, groups = stripes()
    model = small().fit(X, y, groups)
    model.predict(X)
    again = pickle.loads(pickle.dumps(model))
    assert_array_equal(again.predict_proba(X), model.predict_proba(X))


def test_partial_fit_goes_on_epoch_by_epoch():
    X, y, groups = stripes()
    steps = small(augment=None)
    for _ in range(3):
        steps.partial_fit(X, y)
    whole = small(augment=None, max_epochs=3, validation_fraction=0).fit(X, y, groups)
    assert_allclose(steps.loss_curve_, whole.loss_curve_, rtol=1e-5)
    assert same_state(steps, whole)


def test_partial_fit_goes_on_after_fit_and_refuses_new_classes():
    X, y, groups = stripes()
    model = small(max_epochs=15, lr=0.03).fit(X, y, groups)
    before = model.history_["loss"].iloc[0]
    model.partial_fit(X, y)
    assert len(model.loss_curve_) == 16
    assert model.loss_curve_[-1] < 0.7 * before
    with pytest.raises(ValueError, match="first call"):
        model.partial_fit(X, np.where(y == "WS2", "WTe2", y))


def test_class_weights_stand_for_a_balanced_sampler_but_not_beside_it():
    X, y, groups = stripes()
    with pytest.raises(ValueError, match="twice"):
        small(class_weight="balanced").fit(X, y, groups)
    few = np.flatnonzero((y != "WS2") | (groups < 2))
    model = small(class_weight="balanced", sampler="shuffle", max_epochs=30, lr=0.03)
    assert model.fit(X[few], y[few], groups[few]).score(X, y) > 0.9


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"loss": "mse"}, "FineTunedCNNRegressor"),
        ({"loss": "hinge"}, "loss must be one of"),
        ({"freeze": 9}, "freeze must be"),
        ({"hidden": 100}, r"hidden must be a tuple"),
        ({"lr": 0}, "lr must be"),
        ({"validation_fraction": 1.0}, "validation_fraction must be"),
        ({"augment": "mirror"}, "augment must be one of"),
        ({"batch_norm": "eval"}, "batch_norm must be one of"),
        ({"max_epochs": 0}, "max_epochs must be"),
        ({"dropout": 1.0}, "dropout must be"),
        ({"head": "last"}, "head must be one of"),
        ({"device": "cuda:99"}, "device must be"),
        ({"checkpoint": "folder", "random_state": None}, "needs a number as random_state"),
    ],
)
def test_wrong_parameters_are_named(parameters, message):
    X, y, groups = stripes()
    with pytest.raises(ValueError, match=message):
        small(**parameters).fit(X, y, groups)


def test_one_class_is_refused():
    X, _, groups = stripes()
    with pytest.raises(ValueError, match="one class: 'WS2'"):
        small().fit(X, ["WS2"] * len(X), groups)


def test_classes_too_small_to_hold_any_out_are_learned_from():
    X, y, groups = stripes(12)  # one sample of each class
    with pytest.raises(ValueError, match="validation_fraction=0"):
        small().fit(X, y, groups)
    assert small(validation_fraction=0).fit(X, y, groups).history_["validation_loss"].isna().all()


def test_a_loss_that_is_no_number_stops_the_fit(monkeypatch):
    X, y, groups = stripes()
    real, calls = CrossEntropy.each, []

    def broken(self, outputs, targets):
        calls.append(None)  # 3 batches of up to 8 in each epoch: the fifth is the second's second
        return real(self, outputs, targets) * (np.nan if len(calls) == 5 else 1)

    monkeypatch.setattr(CrossEntropy, "each", broken)
    model = small(validation_fraction=0, max_epochs=4)
    with pytest.raises(FloatingPointError, match=r"nan in batch 2 of 3 of epoch 2.*rate of 0\.01"):
        model.fit(X, y, groups)


def test_full_memory_says_which_batch_size_to_try(monkeypatch):
    X, y, groups = stripes()

    def full(self, grey):
        raise torch.cuda.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr("tmdfeat.deep.finetune.tunable.Tunable.forward", full)
    with pytest.raises(MemoryError, match="batch_size=4"):
        small().fit(X, y, groups)
