"""Steps family, second part: how wide terraces are, and how steps run.

The same conventions as in `steps`. Angles run from the column axis towards the row axis.
"""

from functools import partial

import numpy as np

from tmdfeat.physical.descriptor import Descriptor
from tmdfeat.physical.segmentation_film import Film, film
from tmdfeat.physical.steps import step_height

UM = 1000.0  # nm


def terrace_width(z, pixel_size=1.0) -> float:
    """Terrace width: wavelength of the staircase, along its ascent, nm.

    From the strongest wave of the map without its film, between 5 px and a quarter of the
    map. There always is a strongest wave: `step_regularity` says how much it stands out.
    Meander hardly matters, while the area over the length of steps would come out too small.

    Unchanged by an offset and a factor.

    Examples
    --------
    >>> x = 4.0 * np.arange(256) + 1
    >>> round(terrace_width(np.tile(np.floor(x / 62) - x / 62, (64, 1)), 4.0))
    62
    """
    wave = film(z, pixel_size).wave
    return float(1 / np.hypot(wave.y, wave.x))


def miscut(z, pixel_size=1.0) -> float:
    """Miscut angle: arc tangent of step height over terrace width, degrees.

    Examples
    --------
    >>> x = 4.0 * np.arange(256) + 1
    >>> round(miscut(np.tile(0.2165 * (np.floor(x / 62) - x / 62), (64, 1)), 4.0), 1)
    0.2
    """
    return float(np.degrees(np.arctan(step_height(f := film(z, pixel_size)) / terrace_width(f))))


def step_regularity(z, pixel_size=1.0) -> float:
    """Share of the power that is in the staircase's wave, 0 to 1.

    Of waves between 5 px and a quarter of the map. 0.6 to 0.8 for straight and equal terraces.
    """
    return film(z, pixel_size).wave.share


def step_density(z, pixel_size=1.0) -> float:
    """Length of steps per area, 1/um: edges of islands and of terraces.

    Steps are ridges of the gradient above the map's noise. 0 on a flat map.

    Examples
    --------
    >>> step = np.repeat(np.arange(40) // 20, 40).reshape(40, 40) * 1.0
    >>> round(step_density(step, 5.0), 1)  # one line across 38 pixels of 5 nm
    5.3
    """
    f = film(z, pixel_size)
    # The outermost pixels have no neighbour to be steeper than.
    height, width = (n - 2 for n in f.z.shape)
    area = height * width * f.pixel_size[0] * f.pixel_size[1]
    return float(f.steps.length.sum() / area * UM)


def step_coherence(z, pixel_size=1.0) -> float:
    """Coherence of steps: 1 if all are parallel, 0 if no direction is preferred.

    From the structure tensor of unit normals, weighted by length; NaN without steps.

    Unchanged by an offset, a positive factor, quarter turns and flips.
    """
    steps = film(z, pixel_size).steps
    if steps.length.size == 0:
        return np.nan
    twice = np.sum(steps.length * (steps.x + 1j * steps.y) ** 2)
    return float(abs(twice) / steps.length.sum())


def step_azimuth(z, pixel_size=1.0) -> float:
    """Azimuth of the ascent of the staircase, degrees in [0, 360).

    Not in the catalogue: it says how the sample was mounted. NaN without a dominant wave.

    Examples
    --------
    >>> x = 4.0 * np.arange(256) + 1
    >>> stairs = np.tile(np.floor(x / 62) - x / 62, (64, 1))
    >>> [round(step_azimuth(s, 4.0)) % 360 for s in (stairs, stairs.T, stairs[:, ::-1])]
    [0, 90, 180]
    """
    f = film(z, pixel_size)
    uphill = -(f.slope[0] * f.wave.y + f.slope[1] * f.wave.x)
    angle = np.degrees(np.arctan2(uphill * f.wave.y, uphill * f.wave.x))
    return float(angle % 360) if uphill else np.nan


_step = partial(
    Descriptor, family="steps", needs=("z_nm", "pixel_size"), minimum=(20, 20), prepare=Film
)
_flat = partial(_step, needs=("pixel_size",), unit_px="px")
_ridge = partial(_flat, source="maxima of the gradient", minimum=(3, 3))

DESCRIPTORS = (
    _flat("terrace_width", terrace_width, unit="nm", source="peak of the power spectrum"),
    _step("miscut", miscut, unit="deg", unit_px="deg rel px", source="arctan(height / width)"),
    _flat("step_regularity", step_regularity, source="peak of the power spectrum"),
    _ridge("step_density", step_density, unit="1/um", unit_px="1/kpx"),
    _ridge("step_coherence", step_coherence),
)
