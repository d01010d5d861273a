"""What a film is like: its nuclei, its growth, its layers."""

from dataclasses import dataclass

import numpy as np

from tmdfeat.datasets.surface_ranges import NO_LIMIT, POSITIVE, SHARE, check_ranges

BIRTH_LAWS = ("exponential", "constant")


@dataclass(frozen=True)
class Film:
    """Layers of domains that grow from nuclei until they cover what is asked.

    Parameters
    ----------
    density : float, nuclei per µm²
    coverage : tuple of float, 0 to 1
        Covered fraction of the field, of the first layer and of each further one; none may
        cover more than the one under it. ``()`` is a bare substrate.
    truncation : float, >= 1
        Speed of the corners' edges by that of the others: 1 grows hexagons, 2 and more triangles.
    antiparallel : float, 0 to 1
        Fraction of domains turned by 60 degrees.
    spread : float, degrees
        Standard deviation of the domains' orientation around the steps' ascent; 60 and more is
        no orientation at all.
    hard_core : float, 0 to 0.5
        No two nuclei of a layer are closer, in units of the mean distance 1 / sqrt(density).
    step_bias : float, 0 to 1
        Fraction of the first layer's nuclei that sit on steps.
    birth : float
        Mean time of birth, in units of the time to grow one mean distance; 0: all at once.
    birth_law : {"exponential", "constant"}
        How times of birth are drawn; ``"constant"`` is a constant rate up to twice the mean.
    raggedness : float, nm
        Rms shift of the domains' edges.
    stretch : float, >= 1
        How much faster domains grow along the steps than across.
    layer_height : float, nm
    gap : float, nm
        How much higher than that the first layer looks.
    next_density : float
        Nuclei of each further layer per nucleus of the first.
    centred : float, 0 to 1
        Fraction of those that sit on the centre of a domain below, as in pyramids.
    """

    density: float = 80.0
    coverage: tuple[float, ...] = (0.8,)
    truncation: float = 2.0
    antiparallel: float = 0.3
    spread: float = 2.0
    hard_core: float = 0.0
    step_bias: float = 0.0
    birth: float = 0.1
    birth_law: str = "exponential"
    raggedness: float = 0.0
    stretch: float = 1.0
    layer_height: float = 0.65
    gap: float = 0.0
    next_density: float = 0.4
    centred: float = 0.5

    def __post_init__(self):
        check_ranges(
            self,
            {
                "density": (1e-9, 1e6),
                "truncation": (1.0, np.inf),
                "antiparallel": SHARE,
                "spread": POSITIVE,
                "hard_core": (0.0, 0.5),
                "step_bias": SHARE,
                "birth": POSITIVE,
                "raggedness": POSITIVE,
                "stretch": (1.0, np.inf),
                "layer_height": POSITIVE,
                "gap": NO_LIMIT,
                "next_density": POSITIVE,
                "centred": SHARE,
            },
        )
        _check_coverage(self.coverage)
        if self.birth_law not in BIRTH_LAWS:
            raise ValueError(f"Film.birth_law must be one of {BIRTH_LAWS}, got {self.birth_law!r}.")

    @property
    def spacing(self) -> float:
        """Mean distance of nuclei, nm."""
        return 1000 / float(np.sqrt(self.density))


def _check_coverage(coverage) -> None:
    shares = np.asarray(coverage, dtype=float)
    if shares.ndim != 1 or not ((shares >= 0) & (shares <= 1)).all() or (np.diff(shares) > 0).any():
        raise ValueError(
            "Film.coverage must be a tuple of fractions from 0 to 1, one per layer, none larger "
            f"than the one before, got {coverage!r}."
        )
