"""What a training is: signals, sizes and rates. Two trainings of one recipe are equal."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """Settings of a training.

    Parameters
    ----------
    signals : names in `signals.SIGNALS`
    surfaces : int
        How many are drawn; each is seen many times, through other instruments each time.
    views : int
        How many are seen in all.
    side, late_side : int
        Pixels of a view, and of those of the last `late` of the views: at small sides the
        network sees mostly its own padding, and small ones are cheap.
    batch : int
        Views in a step, in all processes together.
    rate, decay : float
        Highest learning rate and weight decay of AdamW.
    held_out : names of families that are not trained on
        Nor on blends then, since any family may be blended in.
    seed : int
    """

    signals: tuple[str, ...] = ("kinds", "physics")
    surfaces: int = 80_000
    views: int = 2_200_000
    side: int = 96
    late_side: int = 160
    late: float = 0.08
    batch: int = 256
    rate: float = 3e-3
    decay: float = 0.03
    held_out: tuple[str, ...] = ()
    seed: int = 0

    @property
    def steps(self) -> int:
        """Steps of the whole training."""
        return self.views // self.batch

    def side_at(self, step: int) -> int:
        """Pixels of a view in a step."""
        return self.late_side if step >= (1 - self.late) * self.steps else self.side

    def rate_at(self, step: int) -> float:
        """Learning rate of a step: rises in 100 steps, then falls as a cosine does."""
        rise = min(1.0, (step + 1) / 100)
        return self.rate * rise * (0.5 * (1 + math.cos(math.pi * step / self.steps)) + 0.002)
