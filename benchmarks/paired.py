"""Scores and differences of scores with intervals, from what was classified rightly.

The interval is of 95 %, by the bootstrap: repeats (other splits, other draws of training images)
and groups of test images (within their classes) are drawn with replacement, the same draws for
all that is compared. It covers chance in the splits and in the test images; not that of another
training of the network.
"""

import numpy as np

DRAWS = 2000
PERCENTILES = (2.5, 97.5)


def plain_weights(labels: np.ndarray, balanced: bool) -> np.ndarray:
    """Weight of each image in the score: equal, or equal for each class."""
    weights = np.ones(len(labels))
    if balanced:
        for label in np.unique(labels):
            weights[labels == label] /= np.sum(labels == label)
    return weights / weights.sum()


def drawn_weights(labels: np.ndarray, groups: np.ndarray, balanced: bool) -> np.ndarray:
    """As `plain_weights`, of `DRAWS` bootstrap samples of groups; one row for each."""
    rng = np.random.default_rng(0)
    weights = np.zeros((DRAWS, len(labels)))
    for label in np.unique(labels):
        here = np.flatnonzero(labels == label)
        names, member = np.unique(groups[here], return_inverse=True)
        counts = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=DRAWS)
        weights[:, here] = counts[:, member]
        if balanced:
            weights[:, here] /= weights[:, here].sum(1, keepdims=True)
    return weights / weights.sum(1, keepdims=True)


def interval(right: np.ndarray, labels, groups, *, balanced: bool = False) -> dict:
    """Mean, its interval, and standard deviation over repeats.

    Parameters
    ----------
    right : array of shape (repeats, images)
        1 where right; or a difference of two such arrays; columns of NaN were not tested.
    labels, groups : array of shape (images,)
    balanced : bool
        Classes count equally, as in balanced accuracy.
    """
    tested = ~np.isnan(right).any(0)
    right, labels, groups = right[:, tested], labels[tested], groups[tested]
    scores = right @ plain_weights(labels, balanced)
    repeats = len(right)
    rng = np.random.default_rng(1)
    shares = rng.multinomial(repeats, np.full(repeats, 1 / repeats), size=DRAWS) / repeats
    drawn = np.sum((shares @ right) * drawn_weights(labels, groups, balanced), axis=1)
    low, high = np.percentile(drawn, PERCENTILES)
    spread = float(scores.std(ddof=1)) if repeats > 1 else None
    return {
        "mean": round(float(scores.mean()), 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
        "std_of_repeats": None if spread is None else round(spread, 4),
    }
