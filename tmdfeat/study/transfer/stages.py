"""Stages: which classes there are, and which come in when."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """One stage of a study.

    Attributes
    ----------
    number : int
        0, 1, ...
    classes : tuple
        All so far, in the order in which they came.
    added : tuple
        Those that came with this stage.
    """

    number: int
    classes: tuple
    added: tuple


def check_stages(stages, labels) -> tuple[Stage, ...]:
    """Turn lists of added classes into stages.

    Parameters
    ----------
    stages : sequence of sequences of labels
        What each stage adds, e.g. ``[["MoS2", "WS2"], ["WSe2"]]``.
    labels : array of shape (n,)
        Of the images.

    Returns
    -------
    tuple of Stage

    Raises
    ------
    ValueError
        If the first stage has fewer than two classes, a later one none, a class comes twice, or
        no image has it.

    Examples
    --------
    >>> import numpy as np
    >>> [stage.classes for stage in check_stages([["b", "a"], ["c"]], np.array(["a", "b", "c"]))]
    [('b', 'a'), ('b', 'a', 'c')]
    """
    steps = [_classes(step) for step in _list(stages)]
    if not steps or len(steps[0]) < 2 or not all(steps):
        raise ValueError(
            "stages must begin with at least two classes, and each later one must add one, e.g. "
            f"[['MoS2', 'WS2'], ['WSe2']]; got {stages!r}."
        )
    every = [label for step in steps for label in step]
    twice = sorted({str(label) for label in every if every.count(label) > 1})
    if twice:
        raise ValueError(f"stages must add each class once, got {twice} more than once.")
    known = dict.fromkeys(labels.tolist())
    unknown = [label for label in every if label not in known]
    if unknown:
        raise ValueError(
            f"stages name {unknown}, but no image has such a label; y holds {list(known)}."
        )
    return tuple(
        Stage(number, tuple(every[: sum(map(len, steps[: number + 1]))]), tuple(step))
        for number, step in enumerate(steps)
    )


def _list(stages) -> list:
    if isinstance(stages, str) or not isinstance(stages, Sequence):
        raise ValueError(f"stages must be a list of lists of classes, got {stages!r}.")
    return list(stages)


def _classes(step) -> list:
    if isinstance(step, str) or not hasattr(step, "__iter__"):
        raise ValueError(f"each stage must be a list of classes, got {step!r}. Write [{step!r}].")
    return [label.item() if hasattr(label, "item") else label for label in step]
