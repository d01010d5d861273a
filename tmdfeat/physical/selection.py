"""Choose descriptors from the catalogue, and compute them for one map."""

import difflib
from collections.abc import Iterable, Sequence

import numpy as np

from tmdfeat.physical.catalogue import DEFAULT_FAMILIES, DESCRIPTORS, FAMILIES
from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.holes import Holed


def select(families="default", names=None) -> tuple[Descriptor, ...]:
    """Choose descriptors by family or by name.

    Parameters
    ----------
    families : {"default", "all"}, family name or sequence of family names
    names : sequence of str or functions, optional
        Descriptor names, and functions made descriptors by `tmdfeat.physical.as_descriptor`, in
        the order wanted; `families` is then not looked at.

    Returns
    -------
    tuple of Descriptor

    Raises
    ------
    ValueError
        If a name is unknown or comes twice, or nothing is chosen.

    Examples
    --------
    >>> [d.name for d in select(names=["Ssk", "Sq"])]
    ['Ssk', 'Sq']
    >>> select(names=["Sqq"])
    Traceback (most recent call last):
    ...
    ValueError: unknown descriptor 'Sqq'; did you mean 'Sq'? ...
    """
    if names is not None:
        names = [names] if isinstance(names, str) or callable(names) else list(names)
        own = {d.name: d for d in (getattr(n, "descriptor", None) for n in names) if d}
        wanted = [getattr(getattr(n, "descriptor", None), "name", n) for n in names]
        known = {**DESCRIPTORS, **own}
        return tuple(known[name] for name in _known(wanted, known, "descriptor"))
    if isinstance(families, str):
        presets = {"default": DEFAULT_FAMILIES, "all": FAMILIES}
        families = presets.get(families, (families,))
    chosen = _known(families, FAMILIES, "family")
    return tuple(d for family in chosen for d in DESCRIPTORS.values() if d.family == family)


def _known(wanted: Sequence[str], known: Iterable[str], kind: str) -> list[str]:
    wanted, known = ([wanted] if isinstance(wanted, str) else list(wanted)), list(known)
    if not wanted:
        raise ValueError(f"choose at least one {kind}; there are {', '.join(known)}.")
    for name in wanted:
        if name not in known:
            close = difflib.get_close_matches(str(name), known, n=1, cutoff=0.5)
            hint = f"; did you mean {close[0]!r}?" if close else "."
            raise ValueError(f"unknown {kind} {name!r}{hint} There are {', '.join(known)}.")
        if wanted.count(name) > 1:
            raise ValueError(f"{kind} {name!r} is chosen {wanted.count(name)} times.")
    return wanted


def compute(descriptors: Sequence[Descriptor], z, pixel_size=1.0) -> np.ndarray:
    """Compute descriptors of one map; work that several share is done once.

    Parameters
    ----------
    descriptors : sequence of Descriptor
    z : array of shape (H, W)
        NaN where pixels are missing; see `Descriptor`.
    pixel_size : float or (dy, dx)

    Returns
    -------
    array of shape (len(descriptors),)
        NaN where undefined, and where the map is smaller than the descriptor's minimum.

    Examples
    --------
    >>> compute(select(names=["Sq", "Sdq"]), np.tile([0.0, 2.0], (3, 2)), pixel_size=4.0)
    array([1. , 0.5])
    """
    values = np.full(len(descriptors), np.nan)
    holed = Holed(z)
    for members in _sharing(descriptors, holed.z.shape):
        # One preparation at a time: on large maps each holds many times the map itself.
        first = descriptors[members[0]]
        given = first.arguments(holed.form(first.missing), pixel_size)
        for i in members:
            values[i] = descriptors[i].function(*given)
    return values


def _sharing(descriptors: Sequence[Descriptor], shape) -> list[list[int]]:
    """Positions of the descriptors that a map is large enough for, by what they share."""
    groups: dict = {}
    for i, descriptor in enumerate(descriptors):
        if descriptor.fits(shape):
            takes = descriptor.prepare or ("pixel_size" in descriptor.needs)
            key = (takes, descriptor.missing)
            groups.setdefault(key, []).append(i)
    return list(groups.values())
