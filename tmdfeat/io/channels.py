"""Which channel of a file is meant, and which one holds the heights if none is named."""

from collections import Counter
from collections.abc import Sequence

from tmdfeat.io.errors import ReadError
from tmdfeat.io.units import nm_per

# Best first. The sensor measures the height, the voltage behind "height" only commands it.
HEIGHTS = ("height sensor", "zsensor", "z sensor", "height", "topography", "z-axis")
# Signals that may come in nm and are no heights of the surface.
NOT_HEIGHTS = (
    *("amplitude", "deflection", "error", "phase", "friction", "lateral", "deformation"),
    *("indentation", "adhesion", "dissipation", "potential", "current", "frequency", "userin"),
)


def choose(names: Sequence[str], units: Sequence[str | None], channel: str | None) -> int:
    """Return the position of the channel to read.

    Parameters
    ----------
    names, units : sequences of equal length
        What the file holds; see `distinct` for names.
    channel : str or None
        A name, or its part before " (", which finds the first of several. None: the channel of
        heights, that is, a length whose name does not speak of another signal.

    Returns
    -------
    int

    Raises
    ------
    ReadError
        If there is no such channel; lists those there are.

    Examples
    --------
    >>> choose(["Phase", "Height (Trace)", "Height (Retrace)"], ["deg", "nm", "nm"], None)
    1
    """
    if channel is not None:
        return _named(names, units, channel)
    if len(names) == 1:
        return 0
    lengths = [
        i
        for i, name in enumerate(names)
        if nm_per(units[i]) is not None and not any(word in _key(name) for word in NOT_HEIGHTS)
    ]
    if not lengths:
        raise ReadError(
            f"none of its channels is known to hold heights: {listed(names, units)}. "
            "Name one: read(path, channel=...)."
        )
    return min(lengths, key=lambda i: (_rank(names[i]), i))


def distinct(names: Sequence[str]) -> list[str]:
    """Append " (2)", " (3)", ... to names that came before.

    Examples
    --------
    >>> distinct(["Height", "Height", "Phase"])
    ['Height', 'Height (2)', 'Phase']
    """
    seen: Counter[str] = Counter()
    result = []
    for name in names:
        seen[name] += 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return result


def listed(names: Sequence[str], units: Sequence[str | None]) -> str:
    """Write channels and their units for an error message."""
    pairs = zip(names, units, strict=True)
    return ", ".join(f"{name!r}" + (f" in {unit}" if unit else "") for name, unit in pairs)


def _named(names, units, channel) -> int:
    keys = [_key(name) for name in names]
    stems = [key.partition(" (")[0] for key in keys]
    for candidates in (keys, stems):
        if _key(channel) in candidates:
            return candidates.index(_key(channel))
    raise ReadError(f"there is no channel {channel!r}. There are: {listed(names, units)}.")


def _rank(name: str) -> int:
    return next((i for i, word in enumerate(HEIGHTS) if word in _key(name)), len(HEIGHTS))


def _key(name: str) -> str:
    return name.strip().casefold()
