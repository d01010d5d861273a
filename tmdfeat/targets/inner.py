"""Fitting what a meta-estimator wraps, with groups if it asked for them."""

from sklearn import config_context
from sklearn.base import clone
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping, process_routing

FIT = MethodMapping().add(caller="fit", callee="fit")


def fit_inner(owner, name: str, X, y, groups):
    """Fit a clone of an owner's estimator.

    Parameters
    ----------
    owner : meta-estimator with `router(owner, name)` as its metadata routing
    name : str
        Of the parameter that holds the estimator.
    X, y : what the estimator takes
    groups : array of shape (n,), optional
        Handed on if the estimator asked for them by scikit-learn's metadata routing.

    Returns
    -------
    The fitted clone.

    Raises
    ------
    TypeError
        If there are groups and nobody asked for them.
    """
    if groups is None:
        return clone(getattr(owner, name)).fit(X, y)
    with config_context(enable_metadata_routing=True):
        asked = process_routing(owner, "fit", groups=groups)[name].fit
        return clone(getattr(owner, name)).fit(X, y, **asked)


def router(owner, name: str) -> MetadataRouter:
    """Return the routing of an estimator that hands all on to the one in parameter `name`."""
    return MetadataRouter(owner=owner).add(method_mapping=FIT, **{name: getattr(owner, name)})
