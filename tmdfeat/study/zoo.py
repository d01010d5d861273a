"""Nine families of classifiers for small tables, each with a small grid to choose from."""

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.gaussian_process.kernels import RBF, ConstantKernel
from sklearn.linear_model import RidgeClassifier
from sklearn.neighbors import KNeighborsClassifier, RadiusNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from tmdfeat.targets import EncodedClassifier


def zoo_models(random_state=None) -> dict:
    """Make the families that `tmdfeat.study.classifier_zoo` lets compete.

    They are those of a study of growth temperatures of MoS2, and XGBoost: support vectors, ridge,
    neighbours within a radius, Gaussian process, nearest neighbours, tree, gradient boosting and
    perceptron. Its grids had up to some thousand points; these have 3 to 8, so that a nested
    search over some hundred scans and columns takes minutes on two cores.

    Parameters
    ----------
    random_state : int, optional
        Of tree, boosting, perceptron and XGBoost.

    Returns
    -------
    dict of str to (classifier, grid)
        Made for standardised columns. Keys of the grids are parameters of the classifier.

    Notes
    -----
    What was left out, and why:

    - limits on iterations of support vectors and ridge: an answer before convergence is an
      accident of the solver;
    - algorithms, restarts and one-against-one schemes, which change time rather than answers;
    - the likelihood's own choice of length in the Gaussian process, minutes for each fit of a
      thousand scans: the length is in the grid;
    - boosting with 600 trees of depth 8 (here 100, up to depth 4), each split now among
      the root of the number of columns; perceptrons of 600 units and their dropout, which
      scikit-learn lacks (its weight decay is in the grid);
    - early stopping of the perceptron: its validation part would tear samples apart.

    Radius and length are counted in roots of the number of columns: standardised columns that
    know nothing of each other put two scans at a distance of 1.4 of these. A scan without
    neighbours within the radius gets the most frequent class.

    References
    ----------
    Moses and Reinhart (2024), Materials Characterization 209, 113701, arXiv:2310.07816: the
    families, and the grids that these were cut from.

    Examples
    --------
    >>> list(zoo_models(0))
    ['svc', 'ridge', 'radius', 'gp', 'knn', 'tree', 'boosting', 'mlp', 'xgboost']
    """
    return {
        "svc": _svc(),
        "ridge": _ridge(),
        "radius": _radius(),
        "gp": _gp(),
        "knn": _knn(),
        "tree": _tree(random_state),
        "boosting": _boosting(random_state),
        "mlp": _mlp(random_state),
        "xgboost": _xgboost(random_state),
    }


def _svc():
    grid = [
        {"kernel": ["rbf"], "C": [1, 10, 100]},
        {"kernel": ["poly"], "degree": [2, 3], "coef0": [0.8], "C": [1, 10]},
    ]
    return SVC(class_weight="balanced"), grid


def _ridge():
    grid = {"alpha": [0.1, 1, 10, 30, 100, 1000]}
    return RidgeClassifier(class_weight="balanced"), grid


def _radius():
    near = RadiusNeighborsClassifier(outlier_label="most_frequent")
    grid = {"model__radius": [0.6, 0.8, 1.0, 1.2], "model__weights": ["uniform", "distance"]}
    return _in_roots_of_columns(near), grid


def _gp():
    grid = {"model__kernel": [ConstantKernel(9.0) * RBF(length) for length in (0.5, 1.0, 2.0)]}
    return _in_roots_of_columns(GaussianProcessClassifier(optimizer=None)), grid


def _knn():
    grid = {"n_neighbors": [1, 3, 5, 9], "p": [1, 2]}
    return KNeighborsClassifier(weights="distance"), grid


def _tree(seed):
    grid = {"criterion": ["gini", "entropy"], "min_samples_split": [0.02, 0.1, 0.3]}
    return DecisionTreeClassifier(class_weight="balanced", random_state=seed), grid


def _boosting(seed):
    boosting = GradientBoostingClassifier(max_features="sqrt", subsample=0.7, random_state=seed)
    return boosting, {"learning_rate": [0.05, 0.2], "max_depth": [2, 4]}


def _mlp(seed):
    grid = {"hidden_layer_sizes": [(100,), (200, 50)], "alpha": [0.01, 1.0]}
    return MLPClassifier(max_iter=150, random_state=seed), grid


def _xgboost(seed):
    from xgboost import XGBClassifier  # here, not above: slow to import

    trees = XGBClassifier(
        n_estimators=100,
        min_child_weight=0.1,  # the default, 1, lets no tree split ten scans
        subsample=0.8,
        colsample_bytree=0.3,
        max_bin=64,
        n_jobs=1,
        random_state=seed,
    )
    grid = {"estimator__learning_rate": [0.1, 0.3], "estimator__max_depth": [2, 4]}
    return EncodedClassifier(trees), grid


def _in_roots_of_columns(model) -> Pipeline:
    shorten = FunctionTransformer(over_root_of_columns)
    return Pipeline([("shorten", shorten), ("model", model)])


def over_root_of_columns(X):
    """Divide by the root of the number of columns, so that distances do not grow with it.

    Examples
    --------
    >>> over_root_of_columns(np.ones((1, 4)))
    array([[0.5, 0.5, 0.5, 0.5]])
    """
    return X / np.sqrt(X.shape[1])
