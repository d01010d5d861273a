"""Two ways to the same numbers: one of ours, one of the library that it is checked against."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Pair:
    """Two ways to the same numbers; `prepare` makes what both start from, and is not timed."""

    name: str
    ours: Callable
    theirs: Callable
    library: str
    prepare: Callable = lambda z: z
    note: str = ""

    def difference(self, z) -> float:
        """Largest difference of two numbers, over the larger; what the library lacks is skipped."""
        start = self.prepare(z)
        ours, theirs = (np.hstack(f(start)).astype(float) for f in (self.ours, self.theirs))
        ours, theirs = ours[~np.isnan(theirs)], theirs[~np.isnan(theirs)]
        larger = np.maximum(abs(ours), abs(theirs))
        return float(np.max(np.abs(ours - theirs) / np.where(larger == 0, 1, larger)))
