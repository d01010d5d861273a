"""A fit that was stopped goes on where it was: what is kept after an epoch, and for which fit."""

import time
from importlib.metadata import version
from pathlib import Path

import torch
import xxhash

import tmdfeat
from tmdfeat.deep.finetune.checkpoint import read_tensors, write_tensors
from tmdfeat.deep.finetune.settings import Settings
from tmdfeat.deep.finetune.training import Progress, Recipe
from tmdfeat.deep.finetune.tunable import Tunable

SHARE = 0.05  # of the time that writing may take
NET, BEST, MOMENT = "net/", "best/", "moment/"
IRRELEVANT = ("checkpoint", "device", "init_from", "weights", "backbone")  # or hashed by content


def fit_key(estimator, settings: Settings, net: Tunable, grey: torch.Tensor, what: tuple) -> str:
    """Hash everything that decides about a fit: 32 hexadecimal digits.

    Parameters
    ----------
    estimator : the parameters
    settings : Settings
    net : Tunable
        As it begins.
    grey : tensor, the images
    what : tuple of arrays and plain values
        Labels, which images choose the epoch, and what outputs mean.
    """
    digest = xxhash.xxh3_128(grey.numpy())
    for name, tensor in net.state_dict().items():
        digest.update(name.encode())
        digest.update(tensor.contiguous().numpy().tobytes())
    for part in what:
        digest.update(part.tobytes() if hasattr(part, "tobytes") else repr(part).encode())
    parameters = estimator.get_params(deep=False)
    told = {k: repr(v) for k, v in sorted(parameters.items()) if k not in IRRELEVANT}
    kind = torch.device(settings.recipe.device).type
    versions = (tmdfeat.__version__, version("torch"), kind)
    backbone = settings.backbone
    seen = (backbone.name, backbone.size, backbone.mean, backbone.std)
    digest.update(repr((type(estimator).__name__, told, versions, seen)).encode())
    return digest.hexdigest()


class Resumable:
    """Keeps the state of a training in a file, as often as it costs next to nothing.

    Parameters
    ----------
    path : Path or None
        None: nothing is kept.
    """

    def __init__(self, path: Path | None):
        self.path = path
        self.done = time.perf_counter()
        self.took = 0.0

    def keep(self, net: Tunable, optimizer, recipe: Recipe, progress: Progress) -> None:
        """Write the state after an epoch: if it is the last, or enough time has passed."""
        if self.path is None:
            return
        waited = time.perf_counter() - self.done
        if not progress.is_over(recipe) and waited < self.took / SHARE:
            return
        start = time.perf_counter()
        tensors = {NET + name: value for name, value in net.state_dict().items()}
        tensors |= {BEST + name: value for name, value in progress.best.items()}
        for place, moments in optimizer.state_dict()["state"].items():
            tensors |= {f"{MOMENT}{place}/{name}": value for name, value in moments.items()}
        write_tensors(self.path, tensors, {"history": progress.history})
        self.done = time.perf_counter()
        self.took = self.done - start

    def resume(self, net: Tunable, optimizer, progress: Progress) -> Progress:
        """Put a kept state into a network and its optimiser, if there is one."""
        if self.path is None or not self.path.is_file():
            return progress
        tensors, notes = read_tensors(self.path)
        net.load_state_dict(_under(NET, tensors))
        moments: dict[int, dict] = {}
        for name, value in _under(MOMENT, tensors).items():
            place, _, kind = name.partition("/")
            moments.setdefault(int(place), {})[kind] = value
        give_moments(optimizer, moments)
        return Progress(notes["history"], _under(BEST, tensors))


def give_moments(optimizer: torch.optim.Optimizer, moments: dict[int, dict]) -> None:
    """Put moments into an optimiser, each laid out in memory as the weights that it belongs to.

    Fused optimisers go through memory and do not look at strides: moments in the usual order
    beside weights in channels_last would meet the wrong ones. Moments of weights that have been
    frozen since are left out: those that learn come first, from the head down.
    """
    fresh = optimizer.state_dict()
    places = {place for group in fresh["param_groups"] for place in group["params"]}
    known = {place: moment for place, moment in moments.items() if place in places}
    optimizer.load_state_dict({**fresh, "state": known})
    for parameter, state in optimizer.state.items():
        for name, value in state.items():
            if value.shape == parameter.shape:
                state[name] = torch.empty_like(parameter, requires_grad=False).copy_(value)


def _under(prefix: str, tensors: dict) -> dict:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
