"""latent_physical: both kinds of features side by side, in scikit-learn's own classes."""

from numbers import Integral

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import PCA
from sklearn.impute import SimpleImputer
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted, validate_data


def latent_physical(cnn=None, physical=None, *, n_components=32) -> FeatureUnion:
    """Stack latent and physical features: a FeatureUnion of two Pipelines.

    The blocks are ``latent``: `cnn`, StandardScaler, `BoundedPCA`; and ``physical``:
    `physical`, SimpleImputer (median), StandardScaler. Everything that learns from the data,
    scaler, imputer and PCA, does so inside `fit`, hence on the training part of a fold only.

    Parameters
    ----------
    cnn : transformer from images to a table, optional
        By default ``CNNFeatures()``.
    physical : transformer from images to a table, optional
        By default ``PhysicalFeatures()``.
    n_components : int, float or None, default 32
        Principal components of the latent block: at most so many (see `BoundedPCA`), the
        share of variance they must explain (0 to 1), or None for no PCA.

    Returns
    -------
    FeatureUnion
        Its columns are called ``latent__pca_00``, ...
        (``latent__surfacenet.stage1_00``, ... without PCA) and ``physical__Sq_nm``, ...

    Notes
    -----
    Columns that are constant in the training part become 0. A descriptor that is undefined
    (NaN) for some scans takes the training median, one that is undefined for all takes 0.

    Examples
    --------
    >>> from tmdfeat import latent_physical
    >>> from sklearn.preprocessing import FunctionTransformer
    >>> union = latent_physical(FunctionTransformer(), FunctionTransformer(), n_components=2)
    >>> union.fit_transform([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.0, 2.0, 4.0]]).shape
    (3, 5)
    >>> list(union.named_transformers["latent"].named_steps)
    ['features', 'scale', 'pca']
    """
    if cnn is None:
        from tmdfeat.deep import CNNFeatures  # here, not above: it imports torch

        cnn = CNNFeatures()
    if physical is None:
        from tmdfeat.physical import PhysicalFeatures

        physical = PhysicalFeatures()
    latent = [("features", cnn), ("scale", StandardScaler())]
    if n_components is not None:
        latent.append(("pca", BoundedPCA(n_components)))
    impute = SimpleImputer(strategy="median", keep_empty_features=True)
    measured = [("features", physical), ("impute", impute), ("scale", StandardScaler())]
    return FeatureUnion([("latent", Pipeline(latent)), ("physical", Pipeline(measured))])


class BoundedPCA(TransformerMixin, BaseEstimator):
    """PCA with as many components as asked for, or as the training part can carry.

    ``n`` scans span at most ``n - 1`` directions about their mean. scikit-learn's PCA raises
    if it is asked for more than ``n``, which would forbid 32 components in every small
    training fold; this one takes all there are. Components of different folds are different
    directions anyway, so their number may differ too. `fit` is exact (full SVD): the same data
    give the same result.

    Parameters
    ----------
    n_components : int or float, default 32
        At most so many components; or, between 0 and 1, the share of variance to explain.

    Attributes
    ----------
    pca_ : sklearn.decomposition.PCA
        The fitted PCA: ``components_``, ``mean_``, ``explained_variance_ratio_``, ...

    Examples
    --------
    >>> import numpy as np
    >>> X = np.random.default_rng(0).normal(size=(4, 10))
    >>> BoundedPCA(32).fit(X).get_feature_names_out().tolist()
    ['pca_00', 'pca_01', 'pca_02']
    """

    def __init__(self, n_components=32):
        self.n_components = n_components

    def fit(self, X, y=None):
        """Find the components.

        Parameters
        ----------
        X : array of shape (n, d)
            At least two rows.
        y : ignored

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If `n_components` is neither a whole number above 0 nor a share between 0 and 1.
        """
        n_components = _check_n_components(self.n_components)
        X = validate_data(self, X, dtype=[np.float64, np.float32], ensure_min_samples=2)
        if n_components >= 1:
            n_components = min(n_components, X.shape[0] - 1, X.shape[1])
        with np.errstate(invalid="ignore"):  # all rows alike: their variance's shares are 0/0
            self.pca_ = PCA(n_components, svd_solver="full").fit(X)
        return self

    def transform(self, X):
        """Project onto the components.

        Parameters
        ----------
        X : array of shape (n, d)

        Returns
        -------
        array of shape (n, n_components found in fit)
        """
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=[np.float64, np.float32])
        return self.pca_.transform(X)

    def get_feature_names_out(self, input_features=None):
        """Return ``pca_00``, ``pca_01``, ...: as many as there are components.

        Parameters
        ----------
        input_features : ignored

        Returns
        -------
        array of str
        """
        check_is_fitted(self)
        # Width by what was asked for, so that names agree between folds of different size.
        most = self.n_components if self.n_components >= 1 else self.n_features_in_
        width = max(2, len(str(most - 1)))
        names = [f"pca_{i:0{width}d}" for i in range(self.pca_.n_components_)]
        return np.array(names, dtype=object)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags


def _check_n_components(n):
    whole = isinstance(n, Integral) and not isinstance(n, bool) and n >= 1
    share = isinstance(n, float | np.floating) and 0 < n < 1
    if not (whole or share):
        raise ValueError(
            f"n_components must be a whole number of at least 1, or a share of variance between "
            f"0 and 1, got {n!r}. For no PCA use latent_physical(..., n_components=None)."
        )
    return n
