"""Which numbers of a network learn, and how fast: by stage, and over time."""

import math

from torch import nn

from tmdfeat.deep.architecture import Backbone
from tmdfeat.deep.finetune.tunable import Tunable
from tmdfeat.deep.stages import stages_of

SCHEDULES = ("constant", "cosine")
BATCH_NORMS = ("train", "frozen", "paper")
NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


def freeze(net: Tunable, backbone: Backbone, frozen: str | int | None) -> None:
    """Stop parts of the body from learning.

    Parameters
    ----------
    net : Tunable
        Changed in place.
    backbone : Backbone
    frozen : {None, "body"} or int
        "body": all of it. A number: the stages (see `tmdfeat.deep.stage_names`) up to and with
        that one, and what comes before them.

    Raises
    ------
    ValueError
        If the network has not so many stages.
    """
    if frozen is None:
        return
    n_stages = max(len(stages_of(backbone)), 1)
    if frozen != "body" and not 1 <= int(frozen) <= n_stages:
        raise ValueError(
            f"freeze must be None, 'body' or the number of a stage, 1 to {n_stages} in "
            f"{backbone.name}, got {frozen!r}."
        )
    last = n_stages if frozen == "body" else int(frozen)
    depths = depth_of_modules(net, backbone)
    net.frozen = tuple(part for part in net.body.modules() if depths[part] <= last)
    for part in net.frozen:
        for parameter in part.parameters(recurse=False):
            parameter.requires_grad_(False)


def parameter_groups(net: Tunable, backbone: Backbone, lr: float, decay: float) -> list[dict]:
    """Group what learns by its learning rate, as torch's optimisers take it.

    The head learns with `lr`, the last stage with ``lr * decay``, the one before with
    ``lr * decay**2`` and so on; with a decay of 1 all is one group. Stages without anything to
    learn, as the last of a VGG, do not count.
    """
    head = [*net.hidden.parameters(), *net.last.parameters()]
    stages: dict[int, dict[nn.Parameter, None]] = {}  # sets in order: weights may be tied
    for part, depth in depth_of_modules(net, backbone).items():
        mine = [p for p in part.parameters(recurse=False) if p.requires_grad]
        stages.setdefault(depth, {}).update(dict.fromkeys(mine))
    bodies = [list(stages[depth]) for depth in sorted(stages, reverse=True) if stages[depth]]
    if decay == 1:
        return [{"params": sum(bodies, head), "lr": lr}]
    rates = [lr * decay**step for step in range(len(bodies) + 1)]
    return [{"params": p, "lr": rate} for p, rate in zip([head, *bodies], rates, strict=True)]


def depth_of_modules(net: Tunable, backbone: Backbone) -> dict[nn.Module, int]:
    """Say in which stage (1, 2, ...) each module of the body is.

    Networks list them from first to last. What comes before the first stage counts to it, what
    comes after the last to that.
    """
    names = [name for name, _ in net.body.module.named_modules()]
    ends = [_end_of(stage, names) for stage in stages_of(backbone).values()]
    n_stages = max(len(ends), 1)
    depths: dict[nn.Module, int] = {net.body: 1}
    for place, part in enumerate(net.body.module.modules()):
        depths[part] = min(sum(end < place for end in ends) + 1, n_stages)
    return depths


def _end_of(stage: str, names: list[str]) -> int:
    """Place of the last module inside a stage; a ReLU, without numbers, may be a stage."""
    return max(place for place, name in enumerate(names) if f"{name}.".startswith(f"{stage}."))


def lr_factor(schedule: str, epoch: int, max_epochs: int) -> float:
    """Share of the learning rate in an epoch (0, 1, ...): 1, or half a cosine towards 0.

    Examples
    --------
    >>> [round(lr_factor("cosine", epoch, 4), 3) for epoch in range(4)]
    [1.0, 0.854, 0.5, 0.146]
    """
    if schedule == "constant":
        return 1.0
    return 0.5 * (1 + math.cos(math.pi * epoch / max_epochs))


def set_mode(net: Tunable, batch_norm: str, epoch: int) -> None:
    """Put a network into the mode that it learns in.

    Parameters
    ----------
    net : Tunable
    batch_norm : {"train", "frozen", "paper"}
        "train": batch norms normalise by the batch and learn its statistics. "frozen": they
        keep the statistics they came with. "paper": as "train" in the first epoch; from the
        second on they are frozen, and nothing is dropped out.
    epoch : int
        0, 1, ...

    Notes
    -----
    What is frozen of the body runs as it does in prediction: its batch norms learn no
    statistics, and it drops nothing.
    """
    net.train(not (batch_norm == "paper" and epoch > 0))
    for part in net.modules():
        if batch_norm == "frozen" and isinstance(part, NORMS):
            part.eval()
    for part in net.frozen:
        part.training = False  # not eval(): what is inside may still learn
