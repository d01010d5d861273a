import pytest
from explain_data import table, three_classes
from numpy.testing import assert_allclose
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

from tmdfeat.explain import explain


@pytest.mark.parametrize(
    "model",
    [
        DecisionTreeClassifier(max_depth=3),
        RandomForestClassifier(10, random_state=0),
        ExtraTreesClassifier(10, random_state=0),
    ],
    ids=["tree", "forest", "extra"],
)
@pytest.mark.parametrize("k", [2, 3])
def test_values_add_up_to_the_probabilities(model, k):
    X = table()
    model.fit(X, three_classes(X).clip(0, k - 1))
    found = explain(model, X)
    assert found.output == "probability"
    assert_allclose(found.values.sum(axis=1) + found.base, model.predict_proba(X), atol=1e-10)


def test_one_split_in_the_middle_moves_the_probability_by_one_half():
    X = table(40)
    X["latent__pca_02"] = [-1.0, 1.0] * 20
    model = DecisionTreeClassifier().fit(X, X["latent__pca_02"] > 0)
    found = explain(model, X)
    assert_allclose(found.values[:, 2, 1], X["latent__pca_02"] / 2)
    assert_allclose(found.values.sum(axis=1), found.values[:, 2])
    assert_allclose(found.base, [0.5, 0.5])
