import itertools
import pickle

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone

from tmdfeat.targets import AtomCodec

FIVE = ["MoS2", "WS2", "WSe2", "MoSe2", "Mo-WSe2"]
SETS = {
    "MoS2": {"Mo", "S"},
    "WS2": {"W", "S"},
    "WSe2": {"W", "Se"},
    "MoSe2": {"Mo", "Se"},
    "Mo-WSe2": {"Mo", "W", "Se"},
}


@pytest.fixture
def codec():
    return AtomCodec().fit(FIVE)


def exact():
    return AtomCodec(decoding="exact").fit(FIVE)


def test_each_formula_becomes_its_elements_and_back(codec):
    assert codec.atoms_.tolist() == ["Mo", "S", "Se", "W"]
    wanted = [[int(atom in SETS[formula]) for atom in codec.atoms_] for formula in FIVE]
    assert_array_equal(codec.transform(FIVE), wanted)
    for one in (codec, exact()):
        assert one.inverse_transform(wanted).tolist() == FIVE


def test_exact_decoding_takes_the_set_above_one_half_or_none():
    codec = exact()
    for code in itertools.product([0.2, 0.8], repeat=4):
        above = {atom for atom, p in zip(codec.atoms_, code, strict=True) if p > 0.5}
        wanted = next((name for name, found in SETS.items() if found == above), "none")
        assert codec.inverse_transform([code]).tolist() == [wanted]


def test_one_half_itself_is_not_above_one_half():
    assert exact().inverse_transform([[0.5, 0.9, 0.0, 0.9]]).tolist() == ["WS2"]


def test_likelihoods_are_products_over_independent_elements(codec):
    p = np.random.default_rng(0).uniform(0.05, 0.95, (20, 4))
    found = codec.likelihoods(p)
    for row, answer in zip(p, found, strict=True):
        weights = {}
        for name, atoms in SETS.items():
            terms = [q if a in atoms else 1 - q for a, q in zip(codec.atoms_, row, strict=True)]
            weights[name] = np.prod(terms)
        total = sum(weights.values())
        assert_allclose(answer, [weights[name] / total for name in codec.classes_])
    assert_array_equal(codec.inverse_transform(p), codec.classes_[found.argmax(1)])


def test_likelihood_never_answers_none(codec):
    corners = np.array(list(itertools.product([0.0, 1.0], repeat=4)))
    assert set(codec.inverse_transform(corners)) <= set(FIVE)
    assert np.isfinite(codec.likelihoods(corners)).all()


def test_the_word_for_none_can_be_chosen():
    codec = AtomCodec(decoding="exact", none="impossible").fit(["MoS2", "WS2"])
    assert codec.inverse_transform([[1.0, 1.0, 1.0]]).tolist() == ["impossible"]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["MoS2", "graphene"], "'graphene' is no chemical formula"),
        (["MoWSe2", "Mo-WSe2"], "have the same elements"),
        (["MoS2", None], "1 missing"),
        ([0, 1], "'0' is no chemical formula"),
    ],
)
def test_labels_that_cannot_be_atoms_are_refused(labels, message):
    with pytest.raises(ValueError, match=message):
        AtomCodec().fit(labels)


def test_unknown_materials_are_refused_by_name(codec):
    with pytest.raises(ValueError, match=r"not fitted on \['WTe2'\].*Mo-WSe2"):
        codec.transform(["MoS2", "WTe2"])


@pytest.mark.parametrize("wrong", [[0.5] * 4, [[0.5] * 3], [[0.5, 0.5, 0.5, 1.5]], [[np.nan] * 4]])
def test_what_are_no_probabilities_is_refused(codec, wrong):
    with pytest.raises(ValueError, match=r"one column for each|between 0 and 1"):
        codec.inverse_transform(wrong)


def test_an_unknown_decoding_is_refused():
    with pytest.raises(ValueError, match="decoding"):
        AtomCodec(decoding="nearest").fit(FIVE)


def test_it_clones_and_pickles(codec):
    assert clone(codec).get_params() == codec.get_params()
    assert not hasattr(clone(codec), "classes_")
    again = pickle.loads(pickle.dumps(codec))
    assert_array_equal(again.transform(FIVE), codec.transform(FIVE))


def test_labels_may_be_given_by_name(codec):
    assert_array_equal(codec.transform(y=FIVE), codec.transform(FIVE))
