"""LatentClassifier: classes from the latent features of few scans, with nothing to train."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, Normalizer, StandardScaler
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_consistent_length, check_is_fitted, validate_data

from tmdfeat.targets import complete_array


class LatentClassifier(ClassifierMixin, BaseEstimator):
    """Classify latent features of some hundred scans by smooth scores that are then calibrated.

    Root, unit length and standardisation make features of a network comparable (`root_scaled`).
    Kernel ridge regression with a Gaussian kernel predicts one score per class, 1 for scans of
    the class and 0 for others: a least-squares support vector machine [1]_. Logistic regression
    turns the scores into probabilities; it is fitted on scores of scans whose groups were left
    out, so it knows how far scores of new samples are to be trusted, and that some classes are
    taken for others more often (stacked generalization [2]_).

    Parameters
    ----------
    gamma : float, default 1.0
        The kernel is ``exp(-gamma d² / n_features)`` of the distance d of scaled features; two
        scans at random are ``d² = 2 n_features`` apart.
    alpha : float, default 0.03
        Ridge penalty; above 0.
    C : float, default 3.0
        Inverse penalty of the logistic regression.
    folds : int, default 10
        At most so many parts are left out in turn for the scores, and no more than a class has
        groups.
    random_state : int, RandomState or None, default 0
        Of these parts.

    Attributes
    ----------
    classes_ : array of shape (n_classes,)
    scorer_ : Pipeline
        Fitted on all scans: features to scores.
    calibrator_ : LogisticRegression
        Scores to classes.

    References
    ----------
    .. [1] Suykens and Vandewalle (1999), Neural Processing Letters 9, 293-300,
       doi:10.1023/A:1018628609742.
    .. [2] Wolpert (1992), Neural Networks 5, 241-259, doi:10.1016/S0893-6080(05)80023-1.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> y = np.repeat(["MoS2", "WS2"], 20)
    >>> X = rng.uniform(size=(40, 8)) + (y == "WS2")[:, None] * [2, 0, 0, 0, 0, 0, 0, 0]
    >>> samples = np.arange(40) // 2
    >>> LatentClassifier().fit(X, y, groups=samples).score(X, y)
    1.0
    """

    # In cross-validation and pipelines with metadata routing: groups without being asked.
    __metadata_request__fit = {"groups": True}

    def __init__(self, *, gamma=1.0, alpha=0.03, C=3.0, folds=10, random_state=0):
        self.gamma = gamma
        self.alpha = alpha
        self.C = C
        self.folds = folds
        self.random_state = random_state

    def fit(self, X, y, groups=None):
        """Fit scores and their calibration.

        Parameters
        ----------
        X : array of shape (n, n_features)
            Latent features.
        y : array of shape (n,)
            Labels.
        groups : array of shape (n,), optional
            Samples that scans belong to; by default each scan is one of its own. Without them,
            scans of one sample check each other, and the probabilities are too sure.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If there is one class only, or a class has one group only.
        """
        X, y = validate_data(self, X, complete_array(y, "y"), dtype=np.float64)
        check_classification_targets(y)
        groups = np.arange(len(y)) if groups is None else complete_array(groups, "groups")
        check_consistent_length(X, groups)
        self.classes_ = np.unique(y)
        if len(self.classes_) < 2:
            raise ValueError(f"needed are at least two classes, got 1 class: {self.classes_[0]}.")
        wanted = (y[:, None] == self.classes_).astype(float)
        parts = list(self._parts(y, groups).split(X, y, groups))
        scores = cross_val_predict(self._scorer(), X, wanted, cv=parts)
        self.scorer_ = self._scorer().fit(X, wanted)
        self.calibrator_ = LogisticRegression(C=self.C, max_iter=1000).fit(scores, y)
        return self

    def predict_proba(self, X) -> np.ndarray:
        """Return probabilities.

        Parameters
        ----------
        X : array of shape (n, n_features)

        Returns
        -------
        array of shape (n, n_classes), columns in the order of `classes_`
        """
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return self.calibrator_.predict_proba(self.scorer_.predict(X))

    def predict(self, X) -> np.ndarray:
        """Return the most probable class of each scan.

        Parameters
        ----------
        X : array of shape (n, n_features)

        Returns
        -------
        array of shape (n,)
        """
        best = self.predict_proba(X).argmax(axis=1)
        return self.classes_[best]

    def _scorer(self):
        gamma = self.gamma / self.n_features_in_
        return make_pipeline(
            *root_scaled(), KernelRidge(kernel="rbf", gamma=gamma, alpha=self.alpha)
        )

    def _parts(self, y, groups):
        of_each = {label: len(np.unique(groups[y == label])) for label in self.classes_}
        rarest = min(of_each, key=of_each.get)
        if of_each[rarest] < 2:
            raise ValueError(
                f"class {rarest!s} has one group only, so nothing says how well it is told apart "
                "in groups that were not seen. Add a sample of it, or leave the class out."
            )
        seed = check_random_state(self.random_state).randint(2**31)
        n = min(self.folds, of_each[rarest])
        return StratifiedGroupKFold(n, shuffle=True, random_state=seed)


def root_scaled() -> tuple:
    """Steps that make latent features comparable: signed root, unit length, standardised.

    The root tames channels that fire rarely and strongly; unit length takes the contrast of the
    scan out. Both are known from image retrieval (the root, with features that are not negative,
    gives Hellinger's distance).

    Returns
    -------
    tuple of transformers
        For `sklearn.pipeline.make_pipeline`.

    Examples
    --------
    >>> root, unit, _ = root_scaled()
    >>> unit.fit_transform(root.fit_transform(np.array([[9.0, -16.0]])))
    array([[ 0.6, -0.8]])
    """
    return FunctionTransformer(_signed_root), Normalizer(), StandardScaler()


def _signed_root(X):
    return np.sign(X) * np.sqrt(np.abs(X))
