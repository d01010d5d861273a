"""Groups for whoever asks for them: searches inside the estimator, nobody else."""

from sklearn import config_context
from sklearn.utils.metadata_routing import get_routing_for_object


def fit_with_groups(estimator, X, y, groups):
    """Fit, and hand `groups` to a nested search whose splitter wants them.

    scikit-learn does this by metadata routing only, which is off by default; it is switched
    on here, for this one fit and only if something asks for groups.

    Returns
    -------
    The fitted estimator.
    """
    with config_context(enable_metadata_routing=True):
        if _wants_groups(estimator):
            return estimator.fit(X, y, groups=groups)
    return estimator.fit(X, y)


def _wants_groups(estimator) -> bool:
    try:
        routing = get_routing_for_object(estimator)
    except NotImplementedError:  # says scikit-learn of estimators that cannot route anything
        return False
    return bool(routing.consumes("fit", ["groups"]))
