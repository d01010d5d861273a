"""How a study is run: rightly, or as the published one was, each deviation with a name."""

from dataclasses import dataclass

from tmdfeat.parameters import check_choice, check_integer


@dataclass(frozen=True)
class Protocol:
    """Which of the published habits hold; by default none.

    Attributes
    ----------
    carry_over : bool
        Networks that are not sequential begin each fold with the weights of the fold before,
        which have seen this fold's held-out images.
    batch_norm, select : str or None
        Given to networks under these names; None: as they are.
    start_fold : int or None
        Sequential networks begin every fold from this fold of the stage before; None: from the
        same fold.
    fixed_test : bool
        One test set for all; folds differ only in what is trained on.
    paper_draws : bool
        Draw few images as the published scripts did.
    """

    carry_over: bool = False
    batch_norm: str | None = None
    select: str | None = None
    start_fold: int | None = None
    fixed_test: bool = False
    paper_draws: bool = False


def make_protocol(paper, carry_over, batch_norm, start_fold, fixed_test) -> Protocol:
    """Fill in what was left None: the published habit if `paper`, else the right one.

    Examples
    --------
    >>> make_protocol(True, None, "train", "same", None)
    Protocol(carry_over=True, batch_norm='train', select='paper', start_fold=None,
    fixed_test=True, paper_draws=True)
    """
    check_choice("paper", paper, (True, False))
    for name, value in {"carry_over": carry_over, "fixed_test": fixed_test}.items():
        check_choice(name, value, (None, True, False))
    if start_fold is None:
        start_fold = 2 if paper else "same"
    if start_fold != "same":
        check_integer("start_fold, unless it is 'same',", start_fold, 0)
    return Protocol(
        carry_over=bool(paper if carry_over is None else carry_over),
        batch_norm="paper" if paper and batch_norm is None else batch_norm,
        select="paper" if paper else None,
        start_fold=None if start_fold == "same" else start_fold,
        fixed_test=bool(paper if fixed_test is None else fixed_test),
        paper_draws=bool(paper),
    )
