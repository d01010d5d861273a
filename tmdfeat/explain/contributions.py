"""What every algorithm of this room hands back."""

from typing import NamedTuple

import numpy as np

MARGIN = "margin (log-odds)"
DECISION = "decision function"
PROBABILITY = "probability"


class Contributions(NamedTuple):
    """Shapley values of each output of a model, before the outputs become classes.

    Parameters
    ----------
    values : array of shape (n, columns, outputs)
    base : array of shape (outputs,)
    scores : array of shape (n, outputs)
        The model's own output; ``values.sum(1) + base`` up to rounding.
    output : str
        What the outputs are: `MARGIN`, `DECISION` or `PROBABILITY`.
    """

    values: np.ndarray
    base: np.ndarray
    scores: np.ndarray
    output: str


def mirrored(parts: Contributions) -> Contributions:
    """Give the one margin of a two-class model to both classes, with opposite signs."""
    values, base, scores, output = parts
    return Contributions(
        np.concatenate([-values, values], axis=2),
        np.concatenate([-base, base]),
        np.concatenate([-scores, scores], axis=1),
        output,
    )
