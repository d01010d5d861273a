import numpy as np
import pytest
from sklearn.metrics import log_loss
from sklearn.utils.estimator_checks import estimator_checks_generator, parametrize_with_checks

from tmdfeat.evaluate import run_folds
from tmdfeat.study import LatentClassifier
from tmdfeat.study.latent_classifier import root_scaled


@parametrize_with_checks([LatentClassifier()], xfail_strict=True)
def test_it_is_a_classifier_of_scikit_learn(estimator, check):
    check(estimator)


def test_scikit_learn_really_checked():
    assert len(list(estimator_checks_generator(LatentClassifier()))) >= 40


def samples(n=40, scans=4, noise=0.3, seed=0):
    """Scans of one sample are nearly copies; classes overlap between samples."""
    rng = np.random.default_rng(seed)
    y = np.repeat(["MoS2", "WS2"], n // 2)
    middle = rng.normal(size=(n, 10)) + 0.7 * (y == "WS2")[:, None]
    X = np.repeat(middle, scans, axis=0) + noise * rng.normal(size=(n * scans, 10))
    return np.exp(X), np.repeat(y, scans), np.repeat(np.arange(n), scans)


def test_scores_are_those_of_kernel_ridge_in_closed_form():
    X, y, groups = samples()
    model = LatentClassifier(gamma=0.7, alpha=0.2).fit(X, y, groups)
    Z = np.sqrt(X) / np.sqrt(X.sum(1, keepdims=True))  # of unit length, as sums of squares are X
    Z = (Z - Z.mean(0)) / Z.std(0)
    K = np.exp(-0.7 / 10 * ((Z[:, None] - Z) ** 2).sum(2))
    wanted = (y[:, None] == ["MoS2", "WS2"]).astype(float)
    by_hand = K @ np.linalg.solve(K + 0.2 * np.eye(len(y)), wanted)
    assert model.scorer_.predict(X) == pytest.approx(by_hand)


def test_groups_make_the_probabilities_honest():
    X, y, groups = samples()
    new, truth, _ = samples(n=400, scans=1, seed=1)
    grouped = LatentClassifier().fit(X, y, groups)
    alone = LatentClassifier().fit(X, y)
    losses = [log_loss(truth, model.predict_proba(new)) for model in (grouped, alone)]
    assert losses[0] < losses[1] - 0.1
    assert np.abs(alone.calibrator_.coef_).sum() > 2 * np.abs(grouped.calibrator_.coef_).sum()


def test_cross_validation_hands_it_the_groups():
    X, y, groups = samples()
    found = run_folds(LatentClassifier(), X, y, groups, cv=4, random_state=0)
    fold = found.folds[0]
    train = np.setdiff1d(np.arange(len(y)), fold.test)
    by_hand = LatentClassifier().fit(X[train], y[train], groups[train]).predict_proba(X[fold.test])
    kept = found.predictions.query("fold == 0").set_index("position").loc[fold.test]
    assert np.array_equal(kept[["probability_MoS2", "probability_WS2"]], by_hand)


def test_a_class_with_few_groups_lowers_the_number_of_folds_and_one_group_is_refused():
    X, y, groups = samples()
    few = groups >= 17  # 3 samples of MoS2, 20 of WS2
    assert LatentClassifier().fit(X[few], y[few], groups[few]).classes_.tolist() == ["MoS2", "WS2"]
    one = groups >= 19
    with pytest.raises(ValueError, match="class MoS2 has one group only"):
        LatentClassifier().fit(X[one], y[one], groups[one])


def test_features_may_be_negative():
    root, *_ = root_scaled()
    assert root.fit_transform(np.array([[4.0, -9.0, 0.0]])).tolist() == [[2.0, -3.0, 0.0]]


def test_other_lengths_and_missing_groups_are_refused():
    X, y, groups = samples()
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        LatentClassifier().fit(X, y, groups[1:])
    with pytest.raises(ValueError, match="groups"):
        LatentClassifier().fit(X, y, np.where(groups == 3, np.nan, groups))
