"""Descriptors of users: three lines, then they behave like ours."""

from collections.abc import Callable

from tmdfeat.physical.descriptor import Descriptor


def as_descriptor(*, unit="-", unit_px=None, family="own", source="own", needs=None) -> Callable:
    """Make a function a descriptor that `PhysicalFeatures` takes in `names`.

    The function stays as it is and can be called, tested and pickled as before.

    Parameters
    ----------
    unit : str, default "-"
        With heights and pixel size in nm, e.g. ``"nm"`` or ``"1/um2"``; part of the column's name.
    unit_px : str, optional
        The same with ``scale="px"``; by default `unit` with rel for nm.
    family, source : str
        As they shall stand in tables and citations.
    needs : tuple, optional
        Among ``"z_nm"`` and ``"pixel_size"``: what must be known in nm. By default ``"z_nm"`` if
        the unit has a length in it. With ``"pixel_size"`` the function is called with
        ``(z, (dy, dx))``, else with ``(z)``.

    Returns
    -------
    decorator

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat import HeightMap, PhysicalFeatures
    >>> from tmdfeat.physical import as_descriptor
    >>> @as_descriptor(unit="nm", source="lab notebook 7")
    ... def height_of_centre(z):
    ...     \"\"\"Height of the pixel in the middle.\"\"\"
    ...     return z[z.shape[0] // 2, z.shape[1] // 2]
    >>> features = PhysicalFeatures(names=["Sz", height_of_centre])
    >>> features.fit_transform([HeightMap(np.diag([0.0, 5.0, 1.0]), "nm")])
    array([[5., 5.]])
    >>> features.get_feature_names_out().tolist()
    ['Sz_nm', 'height_of_centre_nm']
    """
    if needs is None:
        needs = ("z_nm",) if "m" in unit else ()
    if unit_px is None:
        unit_px = unit.replace("nm", "rel")

    def mark(function):
        function.descriptor = Descriptor(
            function.__name__, function, family, source, unit, unit_px, tuple(needs)
        )
        return function

    return mark
