"""PhysicalFeatures: the catalogue as a scikit-learn transformer."""

import warnings
from dataclasses import replace

import numpy as np
from joblib import delayed, effective_n_jobs
from tqdm import tqdm

from tmdfeat.base import ImageTransformer
from tmdfeat.cache import find_cache
from tmdfeat.gate import check_images
from tmdfeat.parameters import check_choice
from tmdfeat.physical.descriptor import SCALES, Descriptor
from tmdfeat.physical.rows import Row, finish, held_in_memory, make_plan, make_row
from tmdfeat.physical.selection import select
from tmdfeat.workers import results

UNDEFINED = ("nan", "zero", "raise")


class PhysicalFeatures(ImageTransformer):
    """Physical descriptors of height maps, one named column each.

    Maps are not levelled here: put a levelling step before, since a tilt counts as height and
    slope. Nothing is fitted.

    Parameters
    ----------
    families : {"default", "all"}, family name or sequence of family names, default "default"
        The default is all but paper (numbers of a contrast-stretched picture) and quality (it
        knows the instrument rather than the surface); see `tmdfeat.physical.describe`.
    names : sequence of str or functions, optional
        Descriptors by name, in the order wanted, instead of families; and functions of your own,
        made descriptors by `tmdfeat.physical.as_descriptor`.
    scale : {"nm", "px"}, default "nm"
        "nm": each map must have the scale that the chosen descriptors need. "px": heights
        count in the map's own numbers and lengths in pixels, and columns carry other units;
        maps in nm and maps in other numbers are then not taken together.
    on_undefined : {"nan", "zero", "raise"}, default "nan"
        What stands for a descriptor that is undefined, such as the skewness of a flat map.
    n_jobs : int, optional
        Processes of joblib, over images. Each reads its own files.
    cache : "memory", path of a folder, FolderCache, MemoryCache or None, default "memory"
        Keeps each map's row by its content and everything that changes the result, so that a
        cross-validation measures each map once. ``"memory"``: in this process. A folder on a
        local disk: for later runs too; a run that was stopped goes on where it was. The classes
        of `tmdfeat.cache` set a limit in bytes. Rows with a function of your own are never kept.

    Raises
    ------
    ValueError
        On use: for unknown families or names, and for maps that lack the scale; the message
        names the image and the ways out.

    Warns
    -----
    UserWarning
        Once per call, if a map is too small for a descriptor; and if the cache's folder fails,
        say because the disk is full: the table is complete all the same.

    Notes
    -----
    Up to a fifth of a map may be missing (NaN): left out where only the heights count (families
    height and functional), filled from the rim of each hole elsewhere.

    Examples
    --------
    >>> from tmdfeat import HeightMap
    >>> scan = HeightMap([[0, 2, 0], [2, 0, 2], [0, 2, 0]], z_unit="nm", pixel_size=4.0)
    >>> features = PhysicalFeatures(names=["Sz", "Sdq"])
    >>> features.fit_transform([scan]).round(4)
    array([[2.    , 0.7071]])
    >>> features.get_feature_names_out().tolist()
    ['Sz_nm', 'Sdq']
    """

    allow_nan = True

    def __init__(
        self,
        families="default",
        *,
        names=None,
        scale="nm",
        on_undefined="nan",
        n_jobs=None,
        cache="memory",
    ):
        self.families = families
        self.names = names
        self.scale = scale
        self.on_undefined = on_undefined
        self.n_jobs = n_jobs
        self.cache = cache

    def transform(self, X) -> np.ndarray:
        """Compute the table.

        Parameters
        ----------
        X : images, see `tmdfeat.gate.check_images`

        Returns
        -------
        array of shape (n_images, n_descriptors)
        """
        plan = make_plan(self._descriptors(), self.scale, find_cache(self.cache))
        held = held_in_memory(plan) if effective_n_jobs(self.n_jobs) > 1 else {}
        plan = replace(plan, known=frozenset(held))
        images = check_images(X, allow_nan=True)
        jobs = (delayed(make_row)(images[i : i + 1], i, plan) for i in range(len(images)))
        done = results(jobs, self.n_jobs)
        progress = tqdm(done, "physical descriptors", len(images), unit="map", disable=None)
        rows = [finish(row, plan, held) for row in progress]
        if self.scale == "px":
            _check_one_unit(rows, plan.descriptors)
        _warn_of_small(rows, plan.descriptors)
        return self._defined(rows, plan.descriptors)

    def get_feature_names_out(self, input_features=None) -> np.ndarray:
        """Return the names of the columns, with units.

        Parameters
        ----------
        input_features : ignored

        Returns
        -------
        object array of str
        """
        return np.array([d.column(self.scale) for d in self._descriptors()], dtype=object)

    def _check(self) -> None:
        self._descriptors()
        find_cache(self.cache)

    def _descriptors(self) -> tuple[Descriptor, ...]:
        check_choice("scale", self.scale, SCALES)
        check_choice("on_undefined", self.on_undefined, UNDEFINED)
        return select(self.families, self.names)

    def citations(self) -> list[str]:
        """List the standards and publications that define the chosen descriptors.

        Examples
        --------
        >>> PhysicalFeatures(names=["Sq", "Sa"]).citations()
        ['ISO 25178-2:2021']
        """
        return list(dict.fromkeys(d.source for d in self._descriptors()))

    def _defined(self, rows: list[Row], descriptors) -> np.ndarray:
        table = np.array([row.values for row in rows])
        if self.on_undefined == "zero":
            return np.nan_to_num(table, nan=0.0)
        if self.on_undefined == "raise" and np.isnan(table).any():
            position, _ = np.argwhere(np.isnan(table))[0]
            row = rows[position]
            names = [d.name for d, v in zip(descriptors, row.values, strict=True) if np.isnan(v)]
            raise ValueError(
                f"{row.where} ({row.shape[0]}x{row.shape[1]} px): {', '.join(names)} undefined, as "
                "ratios are on flat or very small maps. Use on_undefined='nan' or 'zero', or "
                "leave them out."
            )
        return table


def _check_one_unit(rows: list[Row], descriptors) -> None:
    if not any("z_nm" in d.needs for d in descriptors):
        return
    first = {row.z_unit: row.where for row in reversed(rows)}
    if len(first) > 1:
        raise ValueError(
            f"{first['nm']} has heights in nm and {first['relative']} in other numbers: with "
            "scale='px' they would stand in one column. Give the unit of the latter, "
            "read(path, z_unit=...); or read all as plain numbers, z_unit='relative'; or choose "
            "descriptors that need no unit by names=[...]."
        )


def _warn_of_small(rows: list[Row], descriptors) -> None:
    for row in rows:
        small = [d.name for d in descriptors if not d.fits(row.shape)]
        if small:
            warnings.warn(
                f"{row.where} has {row.shape[0]}x{row.shape[1]} px, too few for "
                f"{', '.join(small)}; such values are undefined.",
                stacklevel=3,
            )
            return
