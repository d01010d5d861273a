"""Length units as files spell them."""

import unicodedata

_NM = {
    "km": 1e12,
    "m": 1e9,
    "cm": 1e7,
    "mm": 1e6,
    "μm": 1e3,
    "um": 1e3,
    "~m": 1e3,  # NanoScope's way to write µm
    "nm": 1.0,
    "pm": 1e-3,
    "fm": 1e-6,
    "Å": 0.1,
    "Ang": 0.1,
    "angstrom": 0.1,
    "Angstrom": 0.1,
}  # "A" is the ampere


def nm_per(unit: str | None) -> float | None:
    """Return how many nm one `unit` is, or None if it is no length.

    Parameters
    ----------
    unit : str or None
        "m", "mm", "um", "µm" (both micro signs), "nm", "pm", "Å", "angstrom", ...

    Returns
    -------
    float or None

    Examples
    --------
    >>> nm_per("um"), nm_per("V")
    (1000.0, None)
    """
    # NFKC makes one of the two micro signs, and one of the two ångström signs.
    return None if unit is None else _NM.get(unicodedata.normalize("NFKC", unit.strip()))
