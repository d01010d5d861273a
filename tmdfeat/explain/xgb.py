"""XGBoost: exact Shapley values of the margin, from xgboost itself."""

import numpy as np

from tmdfeat.explain.contributions import MARGIN, Contributions


def contributions(classifier, table) -> Contributions:
    """Return TreeSHAP values as xgboost computes them (path-dependent, exact, additive).

    Parameters
    ----------
    classifier : fitted XGBClassifier
        If it stopped early, only the rounds up to the best one count, as in its `predict`.
    table : DataFrame of shape (n, columns)
        NaN is missing, as in training.

    Returns
    -------
    Contributions
        One output for two classes, else one per class.

    References
    ----------
    Lundberg et al., Nat. Mach. Intell. 2, 56 (2020), doi:10.1038/s42256-019-0138-9.
    """
    from xgboost import DMatrix  # seconds to import

    booster = classifier.get_booster()
    data = DMatrix(
        table.to_numpy(),
        missing=classifier.missing,
        feature_names=booster.feature_names,
        feature_types=booster.feature_types,
    )
    rounds = (0, getattr(classifier, "best_iteration", -1) + 1)  # (0, 0) means all
    parts = booster.predict(data, pred_contribs=True, strict_shape=True, iteration_range=rounds)
    margin = booster.predict(data, output_margin=True, strict_shape=True, iteration_range=rounds)
    parts = parts.astype(np.float64).transpose(0, 2, 1)
    return Contributions(parts[:, :-1], parts[0, -1], margin, MARGIN)
