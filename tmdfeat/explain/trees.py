"""Trees and forests of scikit-learn: exact Shapley values of the probability, through shap."""

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

from tmdfeat.explain.contributions import PROBABILITY, Contributions
from tmdfeat.explain.table import as_seen

TREES = (DecisionTreeClassifier, ExtraTreesClassifier, RandomForestClassifier)


def contributions(classifier, table) -> Contributions:
    """Return path-dependent TreeSHAP values of the probability of each class.

    Parameters
    ----------
    classifier : fitted DecisionTreeClassifier, ExtraTreesClassifier or RandomForestClassifier
    table : DataFrame of shape (n, columns)

    Returns
    -------
    Contributions

    References
    ----------
    Lundberg et al., Nat. Mach. Intell. 2, 56 (2020), doi:10.1038/s42256-019-0138-9.
    """
    import shap  # seconds to import

    explainer = shap.TreeExplainer(classifier, feature_perturbation="tree_path_dependent")
    values = explainer.shap_values(table.to_numpy(), check_additivity=False)
    scores = classifier.predict_proba(as_seen(classifier, table))
    return Contributions(values, np.ravel(explainer.expected_value), scores, PROBABILITY)
