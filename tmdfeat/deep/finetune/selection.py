"""Which epoch's weights are kept."""

import math
from collections.abc import Mapping, Sequence

RULES = ("score", "loss", "last", "paper")


def best_epoch(history: Sequence[Mapping[str, float]], rule: str) -> int:
    """Choose among the epochs so far.

    Parameters
    ----------
    history : sequence of mappings with loss, score, validation_loss, validation_score
        One for each epoch; without validation images the latter two are NaN.
    rule : {"score", "loss", "last", "paper"}
        "score": the highest validation score, of equal ones the lowest validation loss, then
        the earliest. "loss": the lowest validation loss. "last": the last. "paper": the last
        epoch that beat all that were kept before in four ways at once: validation score above
        the best, training score above that best too, training loss and validation loss below
        the lowest validation loss; the last epoch if none ever did.

    Returns
    -------
    int
        Place in `history`; the last if there are no validation images.

    Examples
    --------
    >>> row = {"loss": 0.5, "score": 0.9, "validation_loss": 0.7, "validation_score": 0.8}
    >>> worse = {**row, "validation_score": 0.7, "validation_loss": 0.6}
    >>> best_epoch([row, worse], "score"), best_epoch([row, worse], "loss")
    (0, 1)
    """
    last = len(history) - 1
    if rule == "last" or math.isnan(history[-1]["validation_loss"]):
        return last
    if rule == "paper":
        return _published(history)
    if rule == "loss":
        return min(range(len(history)), key=lambda i: history[i]["validation_loss"])
    return min(range(len(history)), key=lambda i: _badness(history[i]))


def _badness(row: Mapping[str, float]) -> tuple[float, float]:
    score = row["validation_score"]
    return (math.inf if math.isnan(score) else -score, row["validation_loss"])


def _published(history: Sequence[Mapping[str, float]]) -> int:
    kept, best_score, best_loss = len(history) - 1, 0.0, math.inf
    for place, row in enumerate(history):
        better = row["validation_score"] > best_score and row["score"] > best_score
        if better and max(row["loss"], row["validation_loss"]) < best_loss:
            kept, best_score, best_loss = place, row["validation_score"], row["validation_loss"]
    return kept
