"""The images that choose the epoch: some groups of each class, held out from training."""

import numpy as np


def held_out(y: np.ndarray, groups: np.ndarray, fraction: float, seed: int) -> np.ndarray:
    """Choose whole groups at random until each class has given its fraction of images.

    A class with a single group gives nothing: it is needed for training.

    Parameters
    ----------
    y : array of shape (n,)
        Classes; or one value for all, if there are none.
    groups : array of shape (n,)
    fraction : float, between 0 and 1
        Of the images of each class, at least; but no class gives its last group.
    seed : int

    Returns
    -------
    bool array of shape (n,)

    Examples
    --------
    >>> import numpy as np
    >>> y, groups = np.repeat(["MoS2", "WS2"], 6), np.arange(12) // 2
    >>> chosen = held_out(y, groups, 0.1, seed=0)
    >>> [int(chosen[y == label].sum()) for label in ("MoS2", "WS2")]
    [2, 2]
    """
    rng = np.random.default_rng(seed)
    chosen = np.zeros(len(y), dtype=bool)
    for label in np.unique(y):
        mine = y == label
        wanted = fraction * mine.sum()
        for group in rng.permutation(np.unique(groups[mine])):
            more = chosen | (groups == group)
            if chosen[mine].sum() >= wanted:
                break
            if all((~more)[y == other].any() for other in np.unique(y[groups == group])):
                chosen = more
    return chosen
