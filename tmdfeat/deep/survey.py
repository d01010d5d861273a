"""A dry run: what passes each module of a network, and how big it is. No weights, no images."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import torch
from torch import nn

from tmdfeat.deep.architecture import Backbone
from tmdfeat.deep.backbones import build_on_meta, build_seeded
from tmdfeat.deep.precision import plain_float32
from tmdfeat.deep.recording import IMAGES, Event, Recorder, Reduction

AVERAGE = "avgpool"
HEADS = ("fc", "classifier", "heads", "head")
CLASS_TOKENS = ("class_token", "cls_token")


@dataclass(frozen=True)
class Survey:
    """One pass through a network, in order."""

    size: int
    modules: tuple[str, ...]
    events: tuple[Event, ...]
    reductions: tuple[Reduction, ...]
    has_class_token: bool
    heads: tuple[str, ...] = HEADS

    def last(self, name: str) -> Event | None:
        """Return the last run of the module of that name, or None if it never ran."""
        return next((event for event in reversed(self.events) if event.name == name), None)

    @cached_property
    def average(self) -> Event | None:
        """The run of the module that averages for the head; None where a head is named."""
        return self.last(AVERAGE) if self.heads == HEADS else None

    @cached_property
    def head(self) -> Event | None:
        """The run of the classifier, or None if there is none that is known by its name."""
        return next((event for name in self.heads if (event := self.last(name))), None)

    @cached_property
    def pooling_step(self) -> int:
        """When the network began to pool, or its head to work: what came before is its body."""
        door = self.average or self.head
        return door.start if door else self.events[-1].end + 1


@lru_cache(maxsize=64)
@torch.inference_mode(False)  # a caller's inference mode would take the counts of changes away
def survey(backbone: Backbone) -> Survey:
    """Send two images through a network of the backbone's architecture and note the shapes.

    Networks of libraries run on torch's meta device: shapes without numbers. A factory may
    compute with its weights while it builds, so its network runs on zeros.

    Parameters
    ----------
    backbone : Backbone

    Returns
    -------
    Survey

    Raises
    ------
    ValueError
        If the network cannot take images of that size.
    """
    device = "meta" if backbone.from_library else "cpu"
    module = build_on_meta(backbone) if backbone.from_library else build_seeded(backbone, 0)
    recorder = _recorded(module, backbone, device)
    names = [name for name, _ in module.named_modules() if name]
    parameters = {name.rpartition(".")[2] for name, _ in module.named_parameters()}
    return Survey(
        backbone.size,
        tuple(names),
        tuple(recorder.events),
        tuple(recorder.reductions),
        has_class_token=not parameters.isdisjoint(CLASS_TOKENS),
        heads=(backbone.head,) if backbone.head else HEADS,
    )


def _recorded(module: nn.Module, backbone: Backbone, device: str) -> Recorder:
    shape = (IMAGES, backbone.channels, backbone.size, backbone.size)
    recorder = Recorder()
    with plain_float32(device), torch.no_grad():
        zeros = torch.zeros(shape, dtype=torch.float32, device=device)
        try:
            recorder.run(module, zeros)
        except Exception as error:  # whatever a network raises
            raise ValueError(
                f"{backbone.name} cannot take {IMAGES} images of shape {shape[1:]}: {error}. Is "
                "it made for another size? Architecture(..., size=...) says so of a network of "
                "yours; others want the size that they come with, or a multiple of it."
            ) from error
    return recorder
