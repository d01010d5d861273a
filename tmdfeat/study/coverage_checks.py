"""Coverage, groups and folds of a study of coverage: complete, and such that nothing leaks."""

import numpy as np
from sklearn.model_selection import GroupKFold
from sklearn.utils import check_random_state

from tmdfeat.evaluate import Fold
from tmdfeat.parameters import check_integer
from tmdfeat.targets import complete_array

AGREE = 0.02


def check_coverage(coverage, masks, n: int) -> np.ndarray:
    """Return the coverage of each of n scans, from masks if it is None.

    Raises
    ------
    ValueError
        If neither is there; it is not one number of 0 to 1 for each scan; all are equal; or it
        differs by more than 0.02 from that of the masks.
    """
    if coverage is None and masks is None:
        raise ValueError("coverage is needed: one number of 0 to 1 for each scan, or masks.")
    measured = [] if masks is None else [float(np.mean(mask)) for mask in masks]
    values = np.array(measured) if coverage is None else _numbers(coverage, n)
    outside = np.flatnonzero(~((values >= 0) & (values <= 1)))
    if outside.size:
        raise ValueError(
            f"coverage must be in 0..1, got {values[outside[0]]:g} for X[{outside[0]}]. If these "
            "are per cent, divide by 100."
        )
    if np.ptp(values) == 0:
        raise ValueError(f"all scans have the coverage {values[0]:g}: there is nothing to learn.")
    if len(measured) == n:  # if not, cutting says so
        _check_agreement(values, np.array(measured))
    return values


def check_groups(groups, n: int) -> np.ndarray:
    """Return the group of each of n scans."""
    if groups is None:
        raise ValueError(
            "groups is needed: for each scan the name of what must stay together (growth, "
            "wafer). If each scan stands alone, pass groups=range(len(X))."
        )
    return _vector(groups, "groups", n)


def grouped_folds(groups: np.ndarray, cv: int, repeats: int, random_state) -> list[Fold]:
    """Split scans, groups kept together, anew for each repeat.

    Raises
    ------
    ValueError
        If groups are fewer than `cv`.
    """
    check_integer("cv", cv, 2)
    check_integer("repeats", repeats, 1)
    n_groups = len(set(groups.tolist()))
    if n_groups < cv:
        raise ValueError(
            f"cv={cv} folds need at least {cv} groups, got {n_groups}. Lower cv, or add groups."
        )
    seeds = check_random_state(random_state).randint(2**31 - 1, size=repeats)
    folds = []
    for repeat, seed in enumerate(seeds):
        splitter = GroupKFold(cv, shuffle=True, random_state=int(seed))
        splits = splitter.split(groups, groups=groups)
        folds += [Fold(repeat, i, train, test) for i, (train, test) in enumerate(splits)]
    return folds


def _numbers(coverage, n: int) -> np.ndarray:
    values = _vector(coverage, "coverage", n)
    if values.dtype.kind not in "iufb":
        raise ValueError(f"coverage must be numbers of 0 to 1, got e.g. {values.tolist()[0]!r}.")
    return values.astype(float)


def _vector(values, name: str, n: int) -> np.ndarray:
    array = complete_array(values, name)
    if array.shape != (n,):
        raise ValueError(f"X has {n} scans, but {name} has shape {array.shape}; give one each.")
    return array


def _check_agreement(values, measured) -> None:
    far = np.abs(values - measured)
    worst = int(far.argmax())
    if far[worst] > AGREE:
        raise ValueError(
            f"coverage of X[{worst}] is given as {values[worst]:.3f}, but its mask covers "
            f"{measured[worst]:.3f}. Are both in the order of X? To trust the masks, pass None."
        )
