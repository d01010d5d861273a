"""Descriptor: one column of the table, and everything that is known about it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from inspect import signature
from typing import Any

SCALES = ("nm", "px")
NEEDS = ("z_nm", "pixel_size")
MISSING = ("fill", "mask")


@cache
def _takes_pixels(prepare) -> bool:
    """Whether a preparation wants the pixel size; those of one kind are then made alike."""
    return "pixel_size" in signature(prepare).parameters


@dataclass(frozen=True)
class Descriptor:
    """One physical descriptor: how to compute it, and what the number means.

    Parameters
    ----------
    name : str
        Symbol without unit, e.g. ``"Sq"``.
    function : callable
        Takes `z`, or `z, pixel_size` if `needs` has ``"pixel_size"``, or what `prepare` makes
        of them; returns a number, NaN where the descriptor is undefined.
    family : str
    source : str
        Standard, DOI or publication of the definition.
    unit : str, default "-"
        With heights and pixel size in nm.
    unit_px : str, default "-"
        With heights in the map's own numbers ("rel") and lengths in pixels.
    needs : tuple, subset of ("z_nm", "pixel_size")
        What must be known in nm for `unit` to be true.
    minimum : (int, int)
        Smallest map, in pixels; on smaller ones the descriptor is undefined.
    missing : {"fill", "mask"}, default "fill"
        What a map with missing pixels (NaN) is turned into: ``"mask"`` leaves them out, for
        what depends on the heights alone, not on where they are; the map arrives as one row.
        ``"fill"`` spans each hole from its rim.
    prepare : callable, optional
        Work that several descriptors share. It is called once per map.
    summary : str, optional
        By default the first line of the function's docstring.

    Examples
    --------
    >>> from tmdfeat.physical.height import peak_height
    >>> Sp = Descriptor("Sp", peak_height, "height", "ISO 25178-2", "nm", "rel", ("z_nm",))
    >>> Sp.column("nm"), Sp.column("px"), Sp.compute([[0, 2], [0, 2]])
    ('Sp_nm', 'Sp_rel', 1.0)
    """

    name: str
    function: Callable[..., float]
    family: str
    source: str
    unit: str = "-"
    unit_px: str = "-"
    needs: tuple[str, ...] = ()
    minimum: tuple[int, int] = (2, 2)
    missing: str = "fill"
    prepare: Callable[..., Any] | None = None
    summary: str = ""

    def __post_init__(self):
        if not set(self.needs) <= set(NEEDS):
            raise ValueError(f"needs must be among {NEEDS}, got {self.needs!r}.")
        if self.missing not in MISSING:
            raise ValueError(f"missing must be one of {MISSING}, got {self.missing!r}.")
        if not self.summary:
            text = (self.function.__doc__ or "").strip().split("\n\n")[0]
            object.__setattr__(self, "summary", " ".join(text.split()))

    def column(self, scale: str = "nm") -> str:
        """Name with unit, as a table's column; XGBoost forbids ``[ ] <`` in it."""
        unit = self.unit if scale == "nm" else self.unit_px
        if unit == "-":
            return self.name
        words = unit.replace("1/", "per ").replace("/", " per ")
        return f"{self.name}_{words.replace(' ', '_')}"

    def fits(self, shape) -> bool:
        """Whether a map of this shape is large enough."""
        return shape[0] >= self.minimum[0] and shape[1] >= self.minimum[1]

    def arguments(self, z, pixel_size) -> Any:
        """What `function` is called with, computed from the map."""
        if self.prepare is None:
            return (z, pixel_size) if "pixel_size" in self.needs else (z,)
        return (self.prepare(z, pixel_size) if _takes_pixels(self.prepare) else self.prepare(z),)

    def compute(self, z, pixel_size=1.0) -> float:
        """Compute this one descriptor of an array."""
        return float(self.function(*self.arguments(z, pixel_size)))
