import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import RidgeClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier

from tmdfeat.targets.multilabel import label_probabilities

X = np.array([[0.0], [1.0], [4.0], [5.0]])
Y = np.array([[0, 1, 0], [0, 1, 0], [1, 1, 0], [1, 1, 0]])  # of one label all, of one none


@pytest.mark.parametrize(
    "model",
    [
        KNeighborsClassifier(1),
        RandomForestClassifier(5, bootstrap=False, random_state=0),
        RidgeClassifier(1e-9),
        MLPClassifier((5,), max_iter=5000, solver="lbfgs", random_state=0),
    ],
    ids=lambda model: type(model).__name__,
)
def test_each_label_has_its_column_whatever_the_classifier_returns(model):
    assert_allclose(label_probabilities(model.fit(X, Y), X), Y, atol=0.05)
