"""Groups for whoever asks for them: searches inside the estimator, nobody else."""

import warnings

from sklearn import clone, config_context
from sklearn.model_selection import StratifiedGroupKFold
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


def warn_of_mixing(estimator, groups) -> None:
    """Warn of each search in `estimator` that chooses by splits with a group on both sides.

    Warns
    -----
    UserWarning
        With the parameter to change. Not where each sample is a group of its own.
    """
    if len(set(groups.tolist())) == len(groups):
        return
    params = estimator.get_params()
    for name in params:
        *path, last = name.rsplit("__", 1)
        owner = params[path[0]] if path else estimator
        # What has a cv and refits the winner chooses by it; other cv, e.g. to calibrate, do not.
        if last != "cv" or "refit" not in owner.get_params(deep=False):
            continue
        if not _routes_groups(owner):
            grouped = clone(estimator).set_params(**{name: StratifiedGroupKFold(3)})
            way_out = (
                f"set_params({name}=StratifiedGroupKFold(3)) on the estimator given here."
                if _routes_groups(grouped)
                else "put the search outside, where groups reach it, e.g. "
                "GridSearchCV(EncodedClassifier(...), cv=StratifiedGroupKFold(3))."
            )
            warnings.warn(
                f"{type(owner).__name__} chooses by splits (cv={params[name]!r}) that may put one "
                f"group on both sides, so it prefers what recognises groups. Instead, {way_out}",
                stacklevel=3,
            )


def _routes_groups(estimator) -> bool:
    with config_context(enable_metadata_routing=True):
        return _wants_groups(estimator)


def _wants_groups(estimator) -> bool:
    try:
        routing = get_routing_for_object(estimator)
    except NotImplementedError:  # says scikit-learn of estimators that cannot route anything
        return False
    return bool(routing.consumes("fit", ["groups"]))
