"""What passes the modules and functions of a network in one pass."""

import math
import weakref
from collections import Counter
from typing import NamedTuple

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from tmdfeat.deep.pooling import channels, pooled_axes

IMAGES = 2

Shape = tuple[int, ...]


class Event(NamedTuple):
    """A module that ran: between which steps, and what it took and gave (None: no tensor)."""

    name: str
    kind: str
    start: int
    end: int
    before: Shape | None
    after: Shape | None
    gives: str


class Reduction(NamedTuple):
    """A function's call that made vectors of maps or tokens.

    `source` is the module whose output these were, or "" if functions had changed them since.
    """

    function: str
    call: int
    step: int
    before: Shape
    columns: int
    source: str


class Recorder(TorchFunctionMode):
    """Notes the shapes of all that a network computes, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.step = 0
        self.events: list[Event] = []
        self.reductions: list[Reduction] = []
        self.running: list[tuple[int, Shape | None]] = []
        self.calls: Counter[str] = Counter()
        self.outputs: dict[str, tuple[weakref.ref, int]] = {}

    def run(self, module: nn.Module, images: torch.Tensor) -> None:
        """Send two images through a network; its hooks stay.

        Not in inference mode: its tensors do not count how often they were changed in place.
        """
        for name, part in module.named_modules():
            if name:
                part.register_forward_pre_hook(self._begin)
                part.register_forward_hook(self._ender(name))
        with self:
            module(images)

    def _begin(self, _module, args) -> None:
        self.step += 1
        self.running.append((self.step, _shape(args[0] if args else None)))

    def _ender(self, name: str):
        def end(module, _args, output):
            self.step += 1
            kind, gives = type(module).__name__, type(output).__name__
            start, before = self.running.pop()
            self.events.append(Event(name, kind, start, self.step, before, _shape(output), gives))
            if torch.is_tensor(output):
                self.outputs.pop(name, None)  # so that the order is that of the last run
                self.outputs[name] = (weakref.ref(output), output._version)

        return end

    def __torch_function__(self, func, types, args=(), kwargs=None):
        name = getattr(func, "__name__", "")
        call = self.calls[name]
        self.calls[name] += 1
        before = _shape(args[0] if args else None)
        result = func(*args, **(kwargs or {}))
        columns = _reduced(before, _shape(result))
        if before is not None and columns:
            source = self._source(args[0])
            self.reductions.append(Reduction(name, call, self.step, before, columns, source))
        return result

    def _source(self, tensor: torch.Tensor) -> str:
        for name, (reference, version) in reversed(self.outputs.items()):
            if reference() is tensor and version == tensor._version:
                return name
        return ""


def _shape(value) -> Shape | None:
    return tuple(value.shape) if torch.is_tensor(value) else None


def _reduced(before: Shape | None, after: Shape | None) -> int:
    """Count the columns if maps or tokens, more than one each, became vectors, else 0."""
    if before is None or after is None or len(before) < 3 or before[0] != IMAGES:
        return 0
    axes = pooled_axes(before)
    if not axes:
        return 0
    columns = channels(before, axes)
    pooled = math.prod(before) > math.prod(after) == IMAGES * columns
    return columns if pooled and after[0] == IMAGES else 0
