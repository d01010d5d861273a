"""AtomClassifier: tell materials apart by their elements, with any multilabel classifier."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.utils.validation import check_is_fitted

from tmdfeat.targets.atoms import AtomCodec
from tmdfeat.targets.multilabel import label_probabilities


class AtomClassifier(MetaEstimatorMixin, ClassifierMixin, BaseEstimator):
    """Predict the elements of each material, then the material.

    Parameters
    ----------
    estimator : multilabel classifier, or a Pipeline that ends in one
        It gets y with zeros and ones, one column for each element: e.g. RandomForestClassifier,
        MLPClassifier, XGBClassifier, or any other in ``sklearn.multioutput``'s
        MultiOutputClassifier. Where it has `predict_proba` that is used, else `predict`.
    codec : AtomCodec, optional
        By default ``AtomCodec()``. It is cloned, and fitted on the y of `fit`.

    Attributes
    ----------
    estimator_, codec_ : fitted clones
    asked_ : int array
        Places in ``codec_.atoms_`` of the columns of y that `estimator_` was fitted on: elements
        that all materials have are certain and not asked for; a single one is asked for twice.
    classes_ : array of str
        The materials seen in fit, sorted; with ``decoding="exact"`` `predict` may also answer
        ``codec.none``.

    Examples
    --------
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> from tmdfeat.targets import AtomClassifier
    >>> X, y = [[0.0], [1.0], [5.0], [6.0]], ["MoS2", "MoS2", "WSe2", "WSe2"]
    >>> model = AtomClassifier(KNeighborsClassifier(n_neighbors=1)).fit(X, y)
    >>> model.predict([[0.2], [5.5]]).tolist()
    ['MoS2', 'WSe2']
    """

    def __init__(self, estimator, codec=None):
        self.estimator = estimator
        self.codec = codec

    def fit(self, X, y):
        """Fit the codec on y, and a clone of `estimator` on the elements.

        Parameters
        ----------
        X : whatever `estimator` takes
        y : array of str, shape (n,)
            Formulas.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If y holds one material only, or labels that are no formulas.
        """
        self.codec_ = AtomCodec() if self.codec is None else clone(self.codec)
        self.classes_ = self.codec_.fit(y).classes_
        if len(self.classes_) < 2:
            raise ValueError(
                f"a classifier needs at least two materials, got only {self.classes_[0]!s}."
            )
        varying = np.flatnonzero(np.ptp(self.codec_.codes_, axis=0))
        # Never one alone: a single column is no multilabel y.
        self.asked_ = varying if len(varying) > 1 else np.repeat(varying, 2)
        self.estimator_ = clone(self.estimator).fit(X, self.codec_.transform(y)[:, self.asked_])
        return self

    def predict(self, X) -> np.ndarray:
        """Return the materials.

        Parameters
        ----------
        X : whatever `estimator` takes

        Returns
        -------
        array of str, shape (n,)
        """
        atoms = self.predict_atoms(X)
        return self.codec_.inverse_transform(atoms)

    def predict_proba(self, X) -> np.ndarray:
        """Return one probability per known material, see `AtomCodec.likelihoods`.

        Parameters
        ----------
        X : whatever `estimator` takes

        Returns
        -------
        array of shape (n, n_classes), columns in the order of `classes_`
        """
        atoms = self.predict_atoms(X)
        return self.codec_.likelihoods(atoms)

    def predict_atoms(self, X) -> np.ndarray:
        """Return the probability of each element, in the order of ``codec_.atoms_``.

        Parameters
        ----------
        X : whatever `estimator` takes

        Returns
        -------
        array of shape (n, n_atoms); zeros and ones if `estimator` has no `predict_proba`
        """
        check_is_fitted(self)
        found = label_probabilities(self.estimator_, X)
        atoms = np.ones((len(found), len(self.codec_.atoms_)))
        atoms[:, self.asked_] = found
        return atoms
