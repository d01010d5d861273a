"""Attribution: what each column adds to each class's output, and sums of it."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tmdfeat.explain.names import LEVELS, block_of, family_of
from tmdfeat.explain.shares import share_table

_LABEL = {"family": family_of, "block": block_of}


@dataclass(frozen=True, eq=False, repr=False)
class Attribution:
    """Shapley values of a classifier's output, row by row, column by column, class by class.

    Additive: for each row and class, `values` summed over columns, plus `base`, is the
    model's output. `explain` makes one, and has checked that.

    Parameters
    ----------
    values : array of shape (n, columns, classes)
        Signed, in units of the output.
    base : array of shape (classes,)
        The output where no column is known.
    names : sequence of str
        The columns, as the Pipeline names them (or the families or blocks, after `by`).
    classes : sequence
        In the order of the classifier's ``classes_``.
    output : str
        What is attributed: ``"margin (log-odds)"``, ``"decision function"`` or
        ``"probability"``. A model of two classes that has one margin gives it to the second
        class, and the same with opposite sign to the first.
    output_values : array of shape (n, classes)
        The model's own output.
    level : {"column", "family", "block"}, default "column"
        What `names` are.

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat.explain import Attribution
    >>> found = Attribution(
    ...     values=np.array([[[1.0], [-1.0], [2.0]]]), base=np.zeros(1),
    ...     names=("latent__pca_00", "latent__pca_01", "physical__Sq_nm"), classes=("MoS2",),
    ...     output="decision function", output_values=np.array([[2.0]]))
    >>> found.by("block").values[0, :, 0]
    array([0., 2.])
    >>> found.share("block")["share"].to_dict()
    {'latent': 0.0, 'physical': 1.0}
    """

    values: np.ndarray
    base: np.ndarray
    names: tuple[str, ...]
    classes: tuple
    output: str
    output_values: np.ndarray
    level: str = "column"

    def __post_init__(self):
        object.__setattr__(self, "values", np.asarray(self.values, dtype=np.float64))
        object.__setattr__(self, "base", np.asarray(self.base, dtype=np.float64))
        object.__setattr__(self, "output_values", np.asarray(self.output_values, np.float64))
        object.__setattr__(self, "names", tuple(str(name) for name in self.names))
        # Plain values: np.str_('WS2') in an error or a table is no label.
        plain = (c.item() if isinstance(c, np.generic) else c for c in self.classes)
        object.__setattr__(self, "classes", tuple(plain))
        if self.values.ndim != 3 or self.values.shape[1:] != (len(self.names), len(self.classes)):
            raise ValueError(
                f"values must have shape (n, {len(self.names)} names, {len(self.classes)} "
                f"classes), got {self.values.shape}."
            )

    def __repr__(self):
        n, columns, classes = self.values.shape
        return f"Attribution({n} rows x {columns} {self.level} x {classes} classes, {self.output})"

    def check_additivity(self, tolerance: float = 1e-4) -> None:
        """Raise unless values and base add up to the model's output.

        Parameters
        ----------
        tolerance : float, default 1e-4
            Largest error allowed, relative to the largest output (or to 1, if that is more).

        Raises
        ------
        ArithmeticError
        """
        error = np.abs(self.values.sum(axis=1) + self.base - self.output_values)
        allowed = tolerance * max(1.0, np.abs(self.output_values).max())
        if not (error <= allowed).all():
            row, k = np.unravel_index(np.argmax(error), error.shape)
            raise ArithmeticError(
                f"attributions must add up to the model's {self.output} within {allowed:.1e}; "
                f"in row {row} for class {self.classes[k]!r} they miss it by {error[row, k]:.2e}. "
                "They cannot be trusted: please report the model and the library versions."
            )

    def by(self, level: str) -> "Attribution":
        """Return the attribution summed over the columns of each group, signs kept.

        Parameters
        ----------
        level : {"column", "family", "block"}

        Returns
        -------
        Attribution
            Groups in the order in which their first column comes.

        Raises
        ------
        ValueError
            If `level` is none of these, or finer than this attribution's own level.
        """
        if level not in LEVELS or LEVELS.index(level) < LEVELS.index(self.level):
            raise ValueError(
                f"level must be one of {LEVELS[LEVELS.index(self.level) :]} here (this "
                f"attribution is by {self.level}), got {level!r}."
            )
        if level == self.level:
            return self
        labels = np.array([_LABEL[level](name) for name in self.names])
        names = tuple(dict.fromkeys(labels.tolist()))
        summed = [self.values[:, labels == name].sum(axis=1) for name in names]
        return replace(self, values=np.stack(summed, axis=1), names=names, level=level)

    def share(self, level: str = "block", groups=None, random_state=0) -> pd.DataFrame:
        """Return how much of the output each group of columns moves, as shares of one.

        Sums over the group's columns come first, so that columns which cancel count for
        nothing; then the mean of the absolute values over rows and classes.

        Parameters
        ----------
        level : {"column", "family", "block"}, default "block"
        groups : array-like of shape (n,), optional
            Draw whole groups (samples, growths) in the bootstrap instead of single rows.
        random_state : int, RandomState or None, default 0
            Seed of the bootstrap.

        Returns
        -------
        DataFrame
            One row per group, index e.g. ``"latent"``, ``"physical"``; columns ``share``
            (sums to 1), ``low``, ``high`` (95 % bootstrap percentiles over rows, the model
            being fixed); all NaN if the output depends on no column. A block with more columns
            has more chances: compare blocks of like size, e.g. after PCA.

        Raises
        ------
        ValueError
            If `groups` has another length.

        Warns
        -----
        UserWarning
            If nothing is attributed to any column.
        """
        return share_table(self.sizes(level), level, groups, random_state)

    def sizes(self, level: str = "block") -> pd.DataFrame:
        """Return each row's absolute summed values by group, the mean over classes: what is shared.

        Parameters
        ----------
        level : {"column", "family", "block"}, default "block"
        """
        summed = self.by(level)
        return pd.DataFrame(np.abs(summed.values).mean(axis=2), columns=list(summed.names))

    def to_frame(self) -> pd.DataFrame:
        """Return a tidy table: row, name (called as the level), class, value."""
        n, columns, classes = self.values.shape
        return pd.DataFrame(
            {
                "row": np.repeat(np.arange(n), columns * classes),
                self.level: np.tile(np.repeat(np.array(self.names, object), classes), n),
                "class": np.tile(np.array(self.classes), n * columns),
                "value": self.values.ravel(),
            }
        )
