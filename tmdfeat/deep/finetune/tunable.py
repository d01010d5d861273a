"""A network that learns: a body from a backbone, and a head of fully connected layers."""

import copy
import itertools
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from tmdfeat.deep.architecture import Backbone
from tmdfeat.deep.backbones import seeding
from tmdfeat.deep.layers import find_taps, layer_sizes
from tmdfeat.deep.precision import plain_float32
from tmdfeat.deep.survey import AVERAGE, survey
from tmdfeat.deep.tapped import Tapped

POOL = ("pool",)


class Tunable(nn.Module):
    """Body, hidden layers with ReLU and dropout, and one last layer without anything after it.

    Parameters
    ----------
    body : Tapped
        From grey images to one vector each.
    width : int
        Length of that vector.
    hidden : sequence of int
        Widths of the hidden layers.
    dropout : float
        Share of a hidden layer's outputs that is left out in training.
    outputs : int
    """

    frozen: tuple[nn.Module, ...] = ()  # parts of the body that do not learn

    def __init__(
        self, body: Tapped, width: int, hidden: Sequence[int], dropout: float, outputs: int
    ):
        super().__init__()
        self.body = body
        widths = [width, *hidden]
        self.hidden = nn.ModuleList(
            nn.Linear(before, after) for before, after in itertools.pairwise(widths)
        )
        self.dropout = nn.Dropout(dropout)
        self.last = nn.Linear(widths[-1], outputs)

    def forward(self, grey: Tensor) -> Tensor:
        """From grey images, (n, 1, S, S) in 0..1, to outputs, (n, outputs)."""
        vector = self.latent(grey)
        return self.last(self._passed_on(vector) if len(self.hidden) else vector)

    def latent(self, grey: Tensor) -> Tensor:
        """Return what the last hidden layer gives, before its ReLU; without one, the body's."""
        vector = self.body(grey)
        for place, layer in enumerate(self.hidden):
            vector = layer(self._passed_on(vector) if place else vector)
        return vector

    def _passed_on(self, vector: Tensor) -> Tensor:
        return self.dropout(torch.relu(vector))


def make_tunable(
    module: nn.Module,
    backbone: Backbone,
    hidden: Sequence[int],
    dropout: float,
    outputs: int,
    seed: int,
) -> Tunable:
    """Put a fresh head on a copy of a network, in place of its own.

    Parameters
    ----------
    module : torch.nn.Module
        What `tmdfeat.deep.backbones.build_seeded` gave, with weights or without.
    backbone : Backbone
    hidden, dropout, outputs : see `Tunable`
    seed : int
        Of the head's numbers; torch's global random state stays as it was.

    Returns
    -------
    Tunable
        On the CPU, all of it ready to learn.

    Raises
    ------
    ValueError
        If the network does not show where its head begins.
    """
    seen = survey(backbone)
    if seen.average is None and seen.head is None:
        raise ValueError(
            f"{backbone.name} does not show where a new head belongs: at the top of the network, "
            f"call the module that pools {AVERAGE!r}, or the head one of {seen.heads}."
        )
    [tap], [width] = find_taps(backbone, POOL, "avg"), layer_sizes(backbone, POOL, "avg")
    module = copy.deepcopy(module).requires_grad_(True)
    modules = dict(module.named_modules())
    for name in seen.heads:
        inside = tap.module == name and tap.side == "output"
        if name in modules and not inside and not tap.module.startswith(f"{name}."):
            parent, _, own = name.rpartition(".")
            setattr(modules[parent], own, nn.Identity())
    body = Tapped(module, [tap], "avg", backbone.mean, backbone.std)
    with seeding, plain_float32("cpu"), torch.random.fork_rng(devices=[]):
        torch.random.default_generator.manual_seed(seed)
        return Tunable(body, width, hidden, dropout, outputs)
