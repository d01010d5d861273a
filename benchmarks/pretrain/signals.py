"""What a network is asked about surfaces: each signal is a loss with a head of its own."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional
from views import RENDERINGS

SCALES, AMOUNTS = 4, 3  # classes of a family's first two parameters
TEMPERATURE = 0.2


@dataclass(frozen=True)
class Labels:
    """What is known of the surfaces of a batch.

    family : int Tensor of shape (b,); parameters : (b, 3) in 0..1; truth : (b, T), standardised;
    rendering : int Tensor of shape (b,), of the view.
    """

    family: Tensor
    parameters: Tensor
    truth: Tensor
    rendering: Tensor


class Kinds(nn.Module):
    """Tell families, their scale and their amount apart, and how the picture was rendered."""

    def __init__(self, width: int, families: int, quantities: int):
        super().__init__()
        self.kind = nn.Linear(width, families * SCALES * AMOUNTS)
        self.rendering = nn.Linear(width, len(RENDERINGS))

    def forward(self, h: Tensor, labels: Labels) -> Tensor:
        scale = (labels.parameters[:, 0] * SCALES).long().clamp_max(SCALES - 1)
        amount = (labels.parameters[:, 1] * AMOUNTS).long().clamp_max(AMOUNTS - 1)
        kind = (labels.family * SCALES + scale) * AMOUNTS + amount
        told = functional.cross_entropy(self.kind(h), kind, label_smoothing=0.05)
        return told + 0.3 * functional.cross_entropy(self.rendering(h), labels.rendering)


class Physics(nn.Module):
    """Measure: the parameters of the family, and physical quantities of the surface."""

    def __init__(self, width: int, families: int, quantities: int):
        super().__init__()
        self.families = families
        self.of_family = nn.Linear(width, families * 3)
        self.of_surface = nn.Linear(width, quantities)

    def forward(self, h: Tensor, labels: Labels) -> Tensor:
        guesses = self.of_family(h).view(len(h), self.families, 3)
        own = guesses[torch.arange(len(h), device=h.device), labels.family]
        parameters = functional.smooth_l1_loss(own, labels.parameters, beta=0.2)
        return 6 * parameters + functional.smooth_l1_loss(self.of_surface(h), labels.truth)


class Agreement(nn.Module):
    """Agree on two views of one surface, and differ on others (Chen et al., 2020, SimCLR).

    A batch holds two views of each surface: those of the first half and those of the second.
    """

    def __init__(self, width: int, families: int, quantities: int):
        super().__init__()
        self.projection = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 128))

    def forward(self, h: Tensor, labels: Labels) -> Tensor:
        z = functional.normalize(self.projection(h), dim=1)
        alike = z @ z.T / TEMPERATURE
        alike = alike.masked_fill(torch.eye(len(h), dtype=torch.bool, device=h.device), -1e4)
        half = len(h) // 2
        partner = torch.arange(len(h), device=h.device).roll(half)
        return functional.cross_entropy(alike, partner)


SIGNALS = {"kinds": Kinds, "physics": Physics, "agreement": Agreement}


class Questions(nn.Module):
    """A network and the signals that it is trained with; gives one loss for each."""

    def __init__(self, network: nn.Module, heads: dict[str, nn.Module]):
        super().__init__()
        self.network = network
        self.heads = nn.ModuleDict(heads)

    def forward(self, views: Tensor, labels: Labels) -> Tensor:
        h = self.network(views).float()
        with torch.autocast(views.device.type, enabled=False):
            return torch.stack([head(h, labels) for head in self.heads.values()])
