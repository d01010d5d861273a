"""Any other classifier: Kernel SHAP, seeded and silent."""

from contextlib import contextmanager

import numpy as np
import pandas as pd

from tmdfeat.explain.contributions import DECISION, PROBABILITY, Contributions
from tmdfeat.explain.table import as_seen

BACKGROUND_ROWS = 30
SEED = 0


def contributions(classifier, table, background) -> Contributions:
    """Return Kernel SHAP values of the probability, or of the decision function without one.

    Exact up to about 11 columns, and for additive models; otherwise estimated from
    ``2 * columns + 2048`` coalitions. Each row costs that many times the background's rows in
    predictions, so at most 30 rows of the background are used, drawn with a fixed seed.

    Parameters
    ----------
    classifier : fitted classifier with `predict_proba` or `decision_function`
    table, background : DataFrame with the same columns

    Returns
    -------
    Contributions

    References
    ----------
    Lundberg & Lee, NeurIPS 2017, section 4.1.
    """
    import shap  # seconds to import

    score, output = _output(classifier, table)
    if len(background) > BACKGROUND_ROWS:
        background = background.sample(BACKGROUND_ROWS, random_state=SEED)
    explainer = shap.KernelExplainer(score, background.to_numpy())
    with _numpy_seeded(SEED):
        # shap would keep ten columns and set the rest to zero unless l1_reg is off.
        values = explainer.shap_values(table.to_numpy(), l1_reg=False, silent=True)
    return Contributions(values, explainer.expected_value, score(table.to_numpy()), output)


def _output(classifier, table):
    has_probability = hasattr(classifier, "predict_proba")
    method = classifier.predict_proba if has_probability else classifier.decision_function
    names = table.columns

    def score(rows):
        rows = pd.DataFrame(rows, columns=names)
        return np.reshape(method(as_seen(classifier, rows)), (len(rows), -1))

    return score, PROBABILITY if has_probability else DECISION


@contextmanager
def _numpy_seeded(seed):
    # KernelExplainer draws coalitions from numpy's global generator and takes no seed.
    state = np.random.get_state()  # noqa: NPY002
    np.random.seed(seed)  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(state)  # noqa: NPY002
