"""Losses beside torch's and scikit-learn's, and what outputs say beside hand-made tables."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import expit
from sklearn.metrics import log_loss, mean_squared_error
from sklearn.utils.class_weight import compute_sample_weight

from tmdfeat.deep.finetune.losses import (
    CrossEntropy,
    Elements,
    Ordinal,
    SquaredError,
    balancing_weights,
)
from tmdfeat.targets import AtomCodec

MATERIALS = ["Mo-WSe2", "MoS2", "MoSe2", "WS2", "WSe2"]


def outputs(columns, n=7, scale=3.0):
    return (scale * np.random.default_rng(columns).normal(size=(n, columns))).astype(np.float32)


def each(loss, out, y):
    return loss.each(torch.as_tensor(out), loss.targets(np.asarray(y))).numpy()


def elements(atoms=None):
    codec = AtomCodec(atoms=atoms).fit(MATERIALS)
    return codec, Elements(tuple(codec.atoms_.tolist()), codec.codes_)


def test_cross_entropy_is_the_log_loss():
    loss, out, y = CrossEntropy(("a", "b", "c")), outputs(3), [0, 1, 2, 2, 1, 0, 0]
    assert_allclose(each(loss, out, y).mean(), log_loss(y, loss.probabilities(out)), rtol=1e-5)


def test_the_largest_output_wins_and_has_the_largest_probability():
    loss, out = CrossEntropy(("a", "b", "c")), np.float32([[0, 1, 0], [2, 1, 0], [-3, -2, -1]])
    assert loss.answers(out).tolist() == [1, 0, 2]
    shares = np.exp([[0, 1, 0], [2, 1, 0], [-3, -2, -1]])
    assert_allclose(loss.probabilities(out), shares / shares.sum(1, keepdims=True))


def test_huge_outputs_do_not_overflow():
    out = np.float32([[1e30, -1e30], [-1e30, 1e30]])
    assert_array_equal(CrossEntropy(("a", "b")).probabilities(out), [[1, 0], [0, 1]])
    _, loss = elements()
    assert np.isfinite(loss.probabilities(np.full((1, 4), 1e30, np.float32))).all()
    assert_array_equal(Ordinal(("s",), np.arange(2)).probabilities(out[:, :1]), [[0, 1], [1, 0]])


def test_elements_are_asked_for_by_binary_cross_entropy():
    codec, loss = elements()
    out, y = outputs(4), np.array([0, 1, 2, 3, 4, 0, 2])
    p, truth = expit(out.astype(float)), codec.transform(np.array(MATERIALS)[y])
    by_sklearn = [log_loss(t, q, labels=[0, 1]) for t, q in zip(truth, p, strict=True)]
    assert_allclose(each(loss, out, y), by_sklearn, rtol=1e-5)


@pytest.mark.parametrize("atoms", [None, ("Te", "W", "Se", "S", "Mo")])
def test_materials_have_the_likelihoods_that_the_codec_gives_them(atoms):
    codec, loss = elements(atoms)
    out = outputs(len(codec.atoms_))
    expected = codec.likelihoods(expit(out.astype(float)))
    assert_allclose(loss.probabilities(out), expected, rtol=1e-4, atol=1e-8)
    assert_array_equal(loss.answers(out), expected.argmax(1))


def test_ordinal_targets_say_which_steps_are_behind():
    loss = Ordinal(("a < b", "b < c"), np.array([0, 1, 2]))
    assert loss.targets(np.array([0, 1, 2])).tolist() == [[0, 0], [1, 0], [1, 1]]
    turned = Ordinal(("c < b", "b < a"), np.array([2, 1, 0]))
    assert turned.targets(np.array([0, 1, 2])).tolist() == [[1, 1], [1, 0], [0, 0]]


def test_ordinal_answers_count_steps_up_to_the_first_that_is_not_passed():
    loss = Ordinal(("a < b", "b < c"), np.array([0, 1, 2]))
    out = np.float32([[-1, -1], [1, -1], [1, 1], [-1, 1]])  # the last one contradicts itself
    assert loss.answers(out).tolist() == [0, 1, 2, 0]


def test_ordinal_answers_are_classes_not_ranks():
    low, middle, high = 1, 2, 0  # as np.unique sorts "high", "low", "middle"
    loss = Ordinal(("low < middle", "middle < high"), np.argsort([low, middle, high]))
    assert loss.answers(np.float32([[-1, -1], [1, -1], [1, 1]])).tolist() == [low, middle, high]
    chosen = loss.probabilities(np.float32([[-9, -9], [9, -9], [9, 9]])).argmax(1)
    assert chosen.tolist() == [low, middle, high]
    assert loss.answers(np.where(loss.targets(np.arange(3)) > 0, 1, -1)).tolist() == [0, 1, 2]


def test_ordinal_probabilities_are_differences_of_those_to_be_beyond():
    loss = Ordinal(("a < b", "b < c"), np.array([0, 1, 2]))
    beyond = np.array([[0.9, 0.3], [0.4, 0.4], [0.2, 0.7]])  # the last: 0.7 cannot follow 0.2
    out = np.log(beyond / (1 - beyond))
    assert_allclose(
        loss.probabilities(out), [[0.1, 0.6, 0.3], [0.6, 0, 0.4], [0.8, 0, 0.2]], atol=1e-12
    )


@given(st.lists(st.lists(st.floats(-50, 50, width=32), min_size=4, max_size=4), min_size=1))
def test_ordinal_probabilities_are_probabilities_whatever_the_network_says(rows):
    loss = Ordinal(tuple("1234"), np.array([3, 0, 4, 1, 2]))
    p = loss.probabilities(np.float32(rows))
    assert p.shape == (len(rows), 5)
    assert (p >= 0).all()
    assert_allclose(p.sum(1), 1)


def test_the_ordinal_answer_is_the_median_of_its_probabilities():
    loss, out = Ordinal(tuple("123"), np.arange(4)), outputs(3, n=200)
    out = -np.sort(-out, axis=1)  # steps that do not contradict each other
    median = (np.cumsum(loss.probabilities(out), axis=1) < 0.5).sum(1)
    assert_array_equal(loss.answers(out), median)


def test_squared_error_is_that_of_values_in_units_of_their_spread():
    loss, out = SquaredError(middle=950.0, spread=20.0), outputs(1)
    y = np.array([900.0, 950, 1000, 900, 950, 1000, 975])
    predicted = loss.answers(out)
    assert_allclose(predicted, out[:, 0] * 20.0 + 950, rtol=1e-6)
    assert_allclose(each(loss, out, y).mean() * 20**2, mean_squared_error(y, predicted), rtol=1e-5)


def test_bounded_values_are_sigmoids_and_their_error_is_that_of_the_values():
    loss, out = SquaredError(bounded=True), outputs(1)
    y = np.linspace(0, 1, 7)
    assert_allclose(loss.answers(out), expit(out[:, 0].astype(float)))
    assert_allclose(each(loss, out, y).mean(), mean_squared_error(y, loss.answers(out)), rtol=1e-5)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=50))
def test_balancing_weights_are_scikit_learns(classes):
    y = np.array(classes)
    assert_allclose(balancing_weights(y), compute_sample_weight("balanced", y))


@pytest.mark.parametrize(
    "loss",
    [CrossEntropy(tuple("abcde")), elements()[1], Ordinal(tuple("1234"), np.arange(5))],
    ids=["classes", "elements", "steps"],
)
def test_less_loss_is_closer_to_the_answer(loss):
    """Following the gradient from anywhere ends at the class that was asked for."""
    out = torch.tensor(outputs(len(loss.names), n=5), requires_grad=True)
    targets = loss.targets(np.arange(5))
    optimizer = torch.optim.Adam([out], lr=0.3)
    for _ in range(200):
        optimizer.zero_grad()
        loss.each(out, targets).mean().backward()
        optimizer.step()
    assert loss.answers(out.detach().numpy()).tolist() == [0, 1, 2, 3, 4]
    assert_allclose(loss.probabilities(out.detach().numpy()), np.eye(5), atol=0.02)
