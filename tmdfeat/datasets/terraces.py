"""The substrate: atomic steps of miscut sapphire."""

import numpy as np

STEP_HEIGHT = 0.2165  # nm, a sixth of the c axis of sapphire


def terraces(shape, pixel, width, azimuth, phase) -> np.ndarray:
    """Return a staircase of flat terraces.

    Parameters
    ----------
    shape : (H, W)
    pixel : float, nm
    width : float, nm
        From step to step, along the ascent; `STEP_HEIGHT` / width is the miscut's tangent.
    azimuth : float, degrees
        Direction of the ascent, from the column axis towards the row axis.
    phase : float or array of shape (H, W)
        Shift of the steps in units of the width; an array makes them meander.

    Returns
    -------
    float32 array of shape (H, W), nm

    Examples
    --------
    >>> from tmdfeat.datasets.terraces import terraces
    >>> terraces((1, 6), pixel=20.0, width=40.0, azimuth=0.0, phase=0.0)
    array([[0. , 0. , 0.2165, 0.2165, 0.433 , 0.433 ]], dtype=float32)
    """
    rows, columns = np.arange(shape[0]) * pixel, np.arange(shape[1]) * pixel
    angle = np.radians(azimuth)
    ascent = columns * np.cos(angle) + rows[:, None] * np.sin(angle)
    return (STEP_HEIGHT * np.floor(ascent / width + phase)).astype(np.float32)
