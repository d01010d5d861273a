"""Where on the surface each pixel was measured: a drifting scanner's frame."""

from typing import NamedTuple

import numpy as np

CREEP_DECAY = 0.1  # of the scan's duration


class Frame(NamedTuple):
    """Places of the pixels in nm, as float32 arrays of shape (H, W), and the pixel size."""

    rows: np.ndarray
    columns: np.ndarray
    pixel: float

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Lowest and highest row, lowest and highest column, nm."""
        sides = (self.rows.min(), self.rows.max(), self.columns.min(), self.columns.max())
        return tuple(float(side) for side in sides)  # type: ignore[return-value]


def lay_frame(shape, pixel, scanner) -> Frame:
    """Return where the pixels of a scan lie on the surface.

    Drift moves the surface at a constant speed while rows are taken one after the other, which
    shears and stretches the image; creep stretches its first rows.

    Parameters
    ----------
    shape : (H, W)
    pixel : float, nm
    scanner : tmdfeat.datasets.scan_instrument.Scanner

    Returns
    -------
    Frame
    """
    steps = np.arange(shape[0], dtype=np.float64)
    creep = scanner.creep * (1 - np.exp(-steps / (CREEP_DECAY * shape[0])))
    rows = steps * pixel * (1 + scanner.drift_rows) + creep
    aside = steps * pixel * scanner.drift_columns
    columns = np.arange(shape[1]) * pixel + aside[:, None]
    rows = np.broadcast_to(rows[:, None], shape)
    return Frame(rows.astype(np.float32), columns.astype(np.float32), float(pixel))
