"""Linear models: the closed form, through shap."""

import numpy as np

from tmdfeat.explain.contributions import DECISION, Contributions
from tmdfeat.explain.table import as_seen


def is_linear(classifier, table) -> bool:
    """Say whether the decision function is ``X @ coef_.T + intercept_``.

    Asked of the numbers, not of the type: an SVC has a `coef_` too, one per pair of classes.
    """
    if not (hasattr(classifier, "coef_") and hasattr(classifier, "decision_function")):
        return False
    scores = _scores(classifier, table)
    coef, intercept = _parameters(classifier)
    if coef.shape[0] != scores.shape[1]:
        return False
    return np.allclose(table.to_numpy() @ coef.T + intercept, scores, rtol=1e-4, atol=1e-6)


def contributions(classifier, table, background) -> Contributions:
    """Return ``coef * (x - mean(background))`` for each output of the decision function.

    Parameters
    ----------
    classifier : fitted linear classifier
    table, background : DataFrame with the same columns

    Returns
    -------
    Contributions

    References
    ----------
    Lundberg & Lee, NeurIPS 2017, corollary 1 (columns taken as independent).
    """
    import shap  # seconds to import

    # Left to itself the masker keeps 100 rows: the mean would be that of a sample.
    masker = shap.maskers.Independent(background.to_numpy(), max_samples=len(background))
    explainer = shap.LinearExplainer(_parameters(classifier), masker)
    values = explainer.shap_values(table.to_numpy())
    return Contributions(values, explainer.expected_value, _scores(classifier, table), DECISION)


def _parameters(classifier):
    coef = np.atleast_2d(np.asarray(classifier.coef_, dtype=np.float64))
    intercept = np.asarray(classifier.intercept_, dtype=np.float64)
    return coef, np.broadcast_to(intercept, (len(coef),))


def _scores(classifier, table):
    scores = classifier.decision_function(as_seen(classifier, table))
    return np.reshape(scores, (len(table), -1))
