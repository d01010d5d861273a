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
    depths = depth_of_parameters(net, backbone)
    n_stages = max(depths.values(), default=1)
    if frozen != "body" and not 1 <= int(frozen) <= n_stages:
        raise ValueError(
            f"freeze must be None, 'body' or the number of a stage, 1 to {n_stages} in "
            f"{backbone.name}, got {frozen!r}."
        )
    last = n_stages if frozen == "body" else int(frozen)
    for name, parameter in net.body.named_parameters():
        parameter.requires_grad_(depths[name] > last)


def parameter_groups(net: Tunable, backbone: Backbone, lr: float, decay: float) -> list[dict]:
    """Group what learns by its learning rate, as torch's optimisers take it.

    The head learns with `lr`, the last stage with ``lr * decay``, the one before with
    ``lr * decay**2`` and so on; with a decay of 1 all is one group.
    """
    body = [(n, p) for n, p in net.body.named_parameters() if p.requires_grad]
    inside = {id(p) for p in net.body.parameters()}
    head = [p for p in net.parameters() if id(p) not in inside]
    if decay == 1:
        return [{"params": head + [p for _, p in body], "lr": lr}]
    depths = depth_of_parameters(net, backbone)
    n_stages = max(depths.values())
    groups = [{"params": head, "lr": lr}]
    for depth in sorted({depths[name] for name, _ in body}, reverse=True):
        mine = [p for name, p in body if depths[name] == depth]
        groups.append({"params": mine, "lr": lr * decay ** (n_stages - depth + 1)})
    return groups


def depth_of_parameters(net: Tunable, backbone: Backbone) -> dict[str, int]:
    """Say in which stage each parameter of the body is; networks list them from first to last.

    What comes before the first stage counts to it, and what comes after the last to that.
    """
    modules = [name for name, _ in net.body.module.named_modules()]
    ends = [_end_of(stage, modules) for stage in stages_of(backbone).values()]
    n_stages = max(len(ends), 1)
    depths = {}
    for name, _ in net.body.named_parameters():
        place = modules.index(name.rpartition(".")[0].removeprefix("module").removeprefix("."))
        depths[name] = min(sum(end < place for end in ends) + 1, n_stages)
    return depths


def _end_of(stage: str, modules: list[str]) -> int:
    """Place of the last module inside a stage. Stages may be without parameters, as ReLUs are."""
    return max(i for i, name in enumerate(modules) if f"{name}.".startswith(f"{stage}."))


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


def set_mode(net: nn.Module, batch_norm: str, epoch: int) -> None:
    """Put a network into the mode that it learns in.

    Parameters
    ----------
    net : torch.nn.Module
    batch_norm : {"train", "frozen", "paper"}
        "train": batch norms normalise by the batch and learn its statistics. "frozen": they
        keep the statistics they came with. "paper": as "train" in the first epoch; from the
        second on they are frozen, and nothing is dropped out.
    epoch : int
        0, 1, ...

    Notes
    -----
    Batch norms that are frozen as a part of the body never learn statistics.
    """
    net.train(not (batch_norm == "paper" and epoch > 0))
    for part in net.modules():
        if isinstance(part, NORMS):
            fixed = part.weight is not None and not part.weight.requires_grad
            if fixed or batch_norm == "frozen":
                part.eval()
