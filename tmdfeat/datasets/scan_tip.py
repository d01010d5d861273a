"""The tip: a scan shows the surface dilated by it."""

import cv2
import numpy as np


def dilate(z, pixel, radius) -> np.ndarray:
    """Return the image of a surface that a parabolic tip touches.

    The tip's apex is where ``z(x + u) - |u|² / (2 * radius)`` is highest, over all shifts u.
    As a paraboloid is a parabola in rows plus one in columns, so is the dilation, in turn.

    Parameters
    ----------
    z : float32 array of shape (H, W), nm
    pixel : float, nm
    radius : float, nm
        Of the apex; 0 is an infinitely sharp tip.

    Returns
    -------
    float32 array of shape (H, W), nm
        Nowhere lower than `z`. Beyond the border there is nothing to touch.

    References
    ----------
    Villarrubia, J. Res. Natl. Inst. Stand. Technol. 102, 425 (1997), doi:10.6028/jres.102.030.

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat.datasets.scan_tip import dilate
    >>> z = np.zeros((1, 5), dtype=np.float32)
    >>> z[0, 2] = 1.0
    >>> dilate(z, pixel=1.0, radius=1.0)
    array([[0. , 0.5, 1. , 0.5, 0. ]], dtype=float32)
    """
    z = np.asarray(z, dtype=np.float32)
    if radius == 0:
        return z
    # Farther than this the tip touches nothing that is not touched nearer.
    reach = int(np.sqrt(2 * radius * float(np.ptp(z))) / pixel)
    return _dilate_rows(_dilate_rows(z, pixel, radius, reach).T, pixel, radius, reach).T


def _dilate_rows(z, pixel, radius, reach):
    z = np.ascontiguousarray(z)
    highest = z.copy()
    for shift in range(1, min(reach, z.shape[0] - 1) + 1):
        drop = np.float32((shift * pixel) ** 2 / (2 * radius))
        lowered = z - drop
        cv2.max(highest[shift:], lowered[:-shift], dst=highest[shift:])
        cv2.max(highest[:-shift], lowered[shift:], dst=highest[:-shift])
    return highest
