"""PhysicalFeatures: the catalogue as a scikit-learn transformer."""

import warnings
from collections.abc import Sequence

import numpy as np
from joblib import Parallel, delayed
from tqdm import tqdm

from tmdfeat.base import ImageTransformer
from tmdfeat.gate import Images, check_images, name_image
from tmdfeat.heightmap import HeightMap
from tmdfeat.parameters import check_choice
from tmdfeat.physical.descriptor import SCALES, Descriptor
from tmdfeat.physical.selection import compute, select

UNDEFINED = ("nan", "zero", "raise")
WAYS_OUT = (
    "Give the scale where the map is read, read(path, pixel_size=..., z_unit='nm') or "
    "HeightMap(z, z_unit='nm', pixel_size=...); or compute in the map's own numbers and pixels, "
    "PhysicalFeatures(scale='px'); or choose descriptors that need no scale by names=[...]"
)


def _row(images: Images, position: int, descriptors, scale: str, on_undefined: str):
    """Compute one image's row, and say what was too large for it."""
    image = images[0]
    where = name_image(position, image.name)
    if scale == "nm":
        _check_scale(image, descriptors, where)
    pixel_size = image.pixel_size if scale == "nm" and image.pixel_size else (1.0, 1.0)
    values = compute(descriptors, image.z, pixel_size)
    if on_undefined == "raise" and np.isnan(values).any():
        names = ", ".join(d.name for d, v in zip(descriptors, values, strict=True) if np.isnan(v))
        raise ValueError(
            f"{where} ({image.shape[0]}x{image.shape[1]} px): {names} undefined, as ratios are on "
            "flat or very small maps. Use on_undefined='nan' or 'zero', or leave them out."
        )
    if on_undefined == "zero":
        values = np.nan_to_num(values, nan=0.0)
    small = [d.name for d in descriptors if not d.fits(image.shape)]
    note = f"{where} has {image.shape[0]}x{image.shape[1]} px, too few for {', '.join(small)}"
    return values, note if small else ""


def _check_scale(image: HeightMap, descriptors: Sequence[Descriptor], where: str) -> None:
    known = {"z_nm": image.z_unit == "nm", "pixel_size": image.pixel_size is not None}
    lacking = [d for d in descriptors if not all(known[need] for need in d.needs)]
    if not lacking:
        return
    missing = {need for d in lacking for need in d.needs if not known[need]}
    words = {"z_nm": "heights in nm (they are relative)", "pixel_size": "a pixel size in nm"}
    what = " and ".join(words[need] for need in words if need in missing)
    free = ", ".join(repr(d.name) for d in descriptors if not d.needs)
    raise ValueError(
        f"{where} lacks {what}, which these descriptors need: "
        f"{', '.join(d.name for d in lacking)}. {WAYS_OUT}{f' ({free})' if free else ''}."
    )


class PhysicalFeatures(ImageTransformer):
    """Physical descriptors of height maps, one named column each.

    Maps are not levelled here: put a levelling step before, since a tilt counts as height and
    slope. Nothing is fitted.

    Parameters
    ----------
    families : {"default", "all"}, family name or sequence of family names, default "default"
        The default is height and slope; see `tmdfeat.physical.describe`.
    names : sequence of str, optional
        Descriptors by name, in the order wanted, instead of families.
    scale : {"nm", "px"}, default "nm"
        "nm": each map must have the scale that the chosen descriptors need. "px": heights
        count in the map's own numbers and lengths in pixels, and columns carry other units.
    on_undefined : {"nan", "zero", "raise"}, default "nan"
        What stands for a descriptor that is undefined, such as the skewness of a flat map.
    n_jobs : int, optional
        Processes of joblib, over images. Each reads its own files.

    Raises
    ------
    ValueError
        On use: for unknown families or names, and for maps that lack the scale; the message
        names the image and the ways out.

    Warns
    -----
    UserWarning
        Once per call, if a map is too small for a descriptor.

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

    def __init__(
        self, families="default", *, names=None, scale="nm", on_undefined="nan", n_jobs=None
    ):
        self.families = families
        self.names = names
        self.scale = scale
        self.on_undefined = on_undefined
        self.n_jobs = n_jobs

    def transform(self, X) -> np.ndarray:
        """Compute the table.

        Parameters
        ----------
        X : images, see `tmdfeat.gate.check_images`

        Returns
        -------
        array of shape (n_images, n_descriptors)
        """
        descriptors = self._descriptors()
        images = check_images(X)
        jobs = (
            delayed(_row)(images[i : i + 1], i, descriptors, self.scale, self.on_undefined)
            for i in range(len(images))
        )
        done = Parallel(n_jobs=self.n_jobs, return_as="generator")(jobs)
        progress = tqdm(done, "physical descriptors", len(images), unit="map", disable=None)
        rows, notes = zip(*progress, strict=True)
        note = next(filter(None, notes), "")
        if note:
            warnings.warn(f"{note}; such values are undefined.", stacklevel=2)
        return np.array(rows)

    def get_feature_names_out(self, input_features=None) -> np.ndarray:
        """Return the names of the columns, with units."""
        return np.array([d.column(self.scale) for d in self._descriptors()], dtype=object)

    def _check(self) -> None:
        self._descriptors()

    def _descriptors(self) -> tuple[Descriptor, ...]:
        check_choice("scale", self.scale, SCALES)
        check_choice("on_undefined", self.on_undefined, UNDEFINED)
        return select(self.families, self.names)
