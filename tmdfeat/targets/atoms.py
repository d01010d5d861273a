"""AtomCodec: materials as the set of their elements, and back."""

import numpy as np
from scipy.special import softmax
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted, column_or_1d

from tmdfeat.parameters import check_choice
from tmdfeat.targets.formulas import elements
from tmdfeat.targets.labels import complete_array

DECODINGS = ("likelihood", "exact")


class AtomCodec(  # no table comes back: the labels may be named y
    TransformerMixin,
    BaseEstimator,
    auto_wrap_output_keys=None,  # type: ignore[call-arg]
):
    """Turn formulas into vectors of elements, and probabilities of elements into formulas.

    MoS2 and WS2 share sulphur; a network that is asked for elements one by one can learn what
    sulphur looks like from both (multilabel classification). It works on labels alone, so it
    stands before and after a classifier (`AtomClassifier` puts it there).

    Parameters
    ----------
    decoding : {"likelihood", "exact"}, default "likelihood"
        How probabilities become one of the known formulas. ``"likelihood"``: the formula whose
        set of elements is the most probable, elements taken as independent. ``"exact"``: the
        formula with just the elements above one half, as in the paper [1]_; where there is
        none, the answer is `none`.
    none : str, default "none"
        Label of a combination of elements that no known formula has.
    atoms : sequence of str, optional
        The elements that columns stand for, in this order; by default those in the y of `fit`,
        sorted. Give those of all materials of a study, so that columns stay the same while
        materials are added.

    Attributes
    ----------
    classes_ : array of str, shape (n_classes,)
        The formulas seen in `fit`, sorted.
    atoms_ : array of str, shape (n_atoms,)
        The elements of the columns.
    codes_ : int array of shape (n_classes, n_atoms)
        1 where a formula has an element.

    Raises
    ------
    ValueError
        By `fit`, if a label is no formula, has an element that is not among `atoms`, or two
        formulas have the same elements; by
        `transform`, if a label was not seen in `fit`.

    References
    ----------
    .. [1] Moses and Reinhart, arXiv:2407.20975.

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat.targets import AtomCodec
    >>> codec = AtomCodec().fit(["MoS2", "WS2", "WSe2", "MoSe2", "Mo-WSe2"])
    >>> codec.atoms_.tolist()
    ['Mo', 'S', 'Se', 'W']
    >>> codec.transform(["Mo-WSe2"])
    array([[1, 0, 1, 1]])
    >>> p = np.array([[0.9, 0.6, 0.55, 0.1]])  # Mo, and both S and Se: there is no such material
    >>> codec.inverse_transform(p).tolist(), AtomCodec(decoding="exact").fit(
    ...     codec.classes_).inverse_transform(p).tolist()
    (['MoS2'], ['none'])
    """

    def __init__(self, *, decoding="likelihood", none="none", atoms=None):
        self.decoding = decoding
        self.none = none
        self.atoms = atoms

    def fit(self, y, _=None):
        """Learn which formulas and elements there are.

        Parameters
        ----------
        y : array of str, shape (n,)

        Returns
        -------
        self
        """
        check_choice("decoding", self.decoding, DECODINGS)
        self.classes_ = np.unique(_formulas(y))
        sets = [elements(formula) for formula in self.classes_]
        present = sorted({atom for found in sets for atom in found})
        self.atoms_ = np.array(present) if self.atoms is None else self._given(present)
        self.codes_ = np.array([np.isin(self.atoms_, found) for found in sets]).astype(int)
        self._check_different()
        return self

    def transform(self, y) -> np.ndarray:
        """Say which elements each formula has.

        Parameters
        ----------
        y : array of str, shape (n,)

        Returns
        -------
        int array of shape (n, n_atoms)
        """
        check_is_fitted(self)
        formulas = _formulas(y)
        unknown = sorted(set(formulas.tolist()) - set(self.classes_.tolist()))
        if unknown:
            raise ValueError(
                f"the codec was not fitted on {unknown[:5]}; it knows {self.classes_.tolist()}. "
                "Fit it on all materials of the study, also those that come later."
            )
        return self.codes_[np.searchsorted(self.classes_, formulas)]

    def inverse_transform(self, probabilities) -> np.ndarray:
        """Say which formula probabilities of elements, or zeros and ones, stand for.

        Parameters
        ----------
        probabilities : array of shape (n, n_atoms), 0 to 1

        Returns
        -------
        array of str, shape (n,)
        """
        check_is_fitted(self)
        p = self._checked(probabilities)
        if self.decoding == "likelihood":
            return self.classes_[self.likelihoods(p).argmax(1)]
        same = ((p > 0.5)[:, None] == self.codes_.astype(bool)).all(2)
        return np.where(same.any(1), self.classes_[same.argmax(1)], self.none)

    def likelihoods(self, probabilities) -> np.ndarray:
        """Return the probability of each formula among those that are known.

        Elements are taken as independent: a formula's weight is the product of p for elements
        that it has and of 1 - p for those it has not, divided by the sum over all formulas.

        Parameters
        ----------
        probabilities : array of shape (n, n_atoms), 0 to 1

        Returns
        -------
        float array of shape (n, n_classes), each row sums to 1

        Examples
        --------
        >>> codec = AtomCodec().fit(["MoS2", "WS2"])
        >>> codec.likelihoods([[0.8, 1.0, 0.5]]).round(2)  # of Mo, S, W
        array([[0.8, 0.2]])
        """
        check_is_fitted(self)
        p = np.clip(self._checked(probabilities), 1e-6, 1 - 1e-6)
        logs = np.log(p) @ self.codes_.T + np.log1p(-p) @ (1 - self.codes_).T
        return softmax(logs, axis=1)

    def _checked(self, probabilities) -> np.ndarray:
        p = np.asarray(probabilities, dtype=float)
        if p.ndim != 2 or p.shape[1] != len(self.atoms_):
            raise ValueError(
                f"needed is one column for each of {self.atoms_.tolist()}, got shape {p.shape}."
            )
        if not ((p >= 0) & (p <= 1)).all():  # NaN, too
            raise ValueError("probabilities of elements must be between 0 and 1, without NaN.")
        return p

    def _given(self, present: list[str]) -> np.ndarray:
        atoms = np.array(list(self.atoms)).astype(str)
        missing = sorted(set(present) - set(atoms.tolist()))
        if missing or len(set(atoms.tolist())) < len(atoms):
            raise ValueError(
                f"atoms={atoms.tolist()} must name each element once, also {missing}, which "
                f"formulas in y have: {self.classes_.tolist()}."
            )
        return atoms

    def _check_different(self) -> None:
        _, first, code = np.unique(self.codes_, axis=0, return_index=True, return_inverse=True)
        twin = np.flatnonzero(first[code.ravel()] != np.arange(len(self.classes_)))
        if twin.size:
            one, other = self.classes_[first[code.ravel()][twin[0]]], self.classes_[twin[0]]
            raise ValueError(
                f"{str(one)!r} and {str(other)!r} have the same elements, so elements cannot tell "
                "them apart. Write both the same way, or classify without AtomCodec."
            )

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        return tags


def _formulas(y) -> np.ndarray:
    return column_or_1d(complete_array(y, "y")).astype(str)
