"""What sees X first: image transformers, or a step that wants a table or reads by itself."""

from sklearn.pipeline import FeatureUnion, Pipeline

from tmdfeat.base import ImageTransformer
from tmdfeat.targets import AtomClassifier, BinnedRegressor, EncodedClassifier, OrdinalClassifier


def takes_images(estimator) -> bool:
    """Say whether all that sees X first is tmdfeat's image transformers.

    Asked of the estimator, not of X: a stack of images may be meant for a step that wants an
    array, and paths for a reader of the user's own. A search is not looked into: it splits X
    itself, and would make a list of all maps out of `tmdfeat.gate.Images`.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from tmdfeat import PhysicalFeatures
    >>> takes_images(make_pipeline(PhysicalFeatures(), StandardScaler()))
    True
    >>> takes_images(StandardScaler())
    False
    """
    if isinstance(estimator, Pipeline):
        return takes_images(estimator.steps[0][1])
    if isinstance(estimator, AtomClassifier | EncodedClassifier | OrdinalClassifier):
        return takes_images(estimator.estimator)
    if isinstance(estimator, BinnedRegressor):
        return takes_images(estimator.regressor)
    if isinstance(estimator, FeatureUnion):
        parts = [part for _, part in estimator.transformer_list if part != "drop"]
        return bool(parts) and all(takes_images(part) for part in parts)
    return isinstance(estimator, ImageTransformer)
