"""Gwyddion native files, .gwy: data fields with titles and SI units."""

import re
from pathlib import Path
from typing import Any

from tmdfeat.io.channels import choose, distinct
from tmdfeat.io.errors import ReadError
from tmdfeat.io.gwy_container import parse
from tmdfeat.io.scan import Scan
from tmdfeat.io.units import nm_per

FIELD_KEY = re.compile(r"/(\d+)/data$")


def read_gwy(path: Path, channel: str | None) -> Scan:
    """Read one channel of a Gwyddion file.

    Parameters
    ----------
    path : Path
    channel : str or None
        Its title in Gwyddion's data browser.

    Returns
    -------
    Scan

    Raises
    ------
    ReadError
    """
    container = parse(path.read_bytes())
    numbers = sorted(int(m[1]) for m in map(FIELD_KEY.match, container) if m)
    if not numbers:
        raise ReadError("expected a channel with an image, got none (only graphs or volumes?).")
    fields = [container[f"/{n}/data"] for n in numbers]
    names = distinct([str(container.get(f"/{n}/data/title", f"channel {n}")) for n in numbers])
    units = [_unit(field, "si_unit_z") for field in fields]
    chosen = choose(names, units, channel)
    try:
        z, pixel_size = _map(fields[chosen])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ReadError(f"channel {names[chosen]!r} is damaged: missing or bad {error}.") from error
    return Scan(z, "Gwyddion", units[chosen], pixel_size, names[chosen], tuple(names))


def _map(field: dict[str, Any]):
    n_rows, n_columns = field["yres"], field["xres"]
    z = field["data"].reshape(n_rows, n_columns)
    nm = nm_per(_unit(field, "si_unit_xy"))
    if nm is None or "xreal" not in field or "yreal" not in field:
        return z, None
    return z, (field["yreal"] / n_rows * nm, field["xreal"] / n_columns * nm)


def _unit(field: Any, key: str) -> str | None:
    unit = field.get(key) if isinstance(field, dict) else None
    return (unit.get("unitstr") or None) if isinstance(unit, dict) else None
