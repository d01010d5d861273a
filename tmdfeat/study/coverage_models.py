"""The regressors that a study of coverage compares unless others are given."""

import numpy as np
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR

from tmdfeat.pipelines import BoundedPCA


def default_coverage_models(random_state=None) -> dict:
    """Make the regressors on frozen features: the mean, ridge, support vectors, a perceptron.

    Parameters
    ----------
    random_state : int, optional
        Of the perceptron.

    Returns
    -------
    dict of str to regressor
        "mean" guesses the mean of the training tiles. The strength of "ridge" is chosen by
        splits that keep groups together, of which training must have three.

    Examples
    --------
    >>> list(default_coverage_models())
    ['mean', 'ridge', 'svr', 'mlp']
    """
    ridge = make_pipeline(StandardScaler(), Ridge())
    strengths = {"ridge__alpha": np.logspace(-1, 5, 7)}
    error = "neg_mean_squared_error"
    return {
        "mean": DummyRegressor(),
        "ridge": GridSearchCV(ridge, strengths, cv=GroupKFold(3), scoring=error),
        "svr": make_pipeline(StandardScaler(), SVR(epsilon=0.02)),
        "mlp": make_pipeline(
            StandardScaler(),
            BoundedPCA(64),  # faster, and calmer than a thousand columns
            MLPRegressor(
                hidden_layer_sizes=(100,),
                alpha=10.0,
                solver="lbfgs",
                max_iter=20_000,
                random_state=random_state,
            ),
        ),
    }
