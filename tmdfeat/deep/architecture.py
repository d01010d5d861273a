"""A network and the input that it wants: as users say it, and as this room knows it."""

import difflib
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from torch import nn

from tmdfeat.parameters import check_integer

# What a network takes unless it is said: the usual input of networks trained on ImageNet.
SIZE = 224
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)

SURFACENET = "surfacenet"  # the network in the package
TIMM = "timm/"  # how names of timm's networks begin


@dataclass(frozen=True)
class Architecture:
    """A function that returns a network, and the input that the network wants.

    As the `backbone` of `CNNFeatures`, for a network that wants something else than three
    channels of 224x224 pixels in ImageNet's normalisation; else the function alone is enough.

    Parameters
    ----------
    build : callable that returns a torch.nn.Module
        Importable, so that the estimator can be pickled: a function at the top of a module, a
        class, or a `functools.partial` of one.
    size : int, default 224
        Side of the square input in pixels.
    mean, std : sequence of float, default ImageNet's
        Normalisation of grey values in 0..1, with one number for each channel of the input: a
        network with one channel has one mean and one standard deviation. All channels see the
        same grey.

    Raises
    ------
    ValueError
        If `size` is no positive integer, or `mean` and `std` are not as many numbers, the
        latter positive.

    Examples
    --------
    >>> import numpy as np
    >>> import torchvision
    >>> from tmdfeat.deep import Architecture, CNNFeatures
    >>> grey = (0.5, 0.5, 0.5)
    >>> small = Architecture(torchvision.models.resnet18, size=96, mean=grey, std=grey)
    >>> scans = np.random.default_rng(0).normal(size=(2, 64, 64))
    >>> CNNFeatures(small, weights=None).fit_transform(scans).shape
    (2, 512)
    """

    build: Callable[[], nn.Module]
    size: int = SIZE
    mean: Sequence[float] = MEAN
    std: Sequence[float] = STD

    def __post_init__(self):
        check_integer("size", self.size, 1)
        if not 0 < len(self.mean) == len(self.std) or min(self.std) <= 0:
            raise ValueError(
                "mean and std need one number for each channel of the network's input, and std "
                f"positive ones, got mean={self.mean!r} and std={self.std!r}."
            )


@dataclass(frozen=True)
class Backbone:
    """An architecture and the input it was made for.

    Two are equal if they build the same network, so that loaded networks can be looked up.
    `head` names the module that "pool" is the input of; None: it is found by its usual names.
    `default_weights` finds or fetches the file of the default weights where these are not
    torchvision's; `adapt` translates a state dict that does not fit the network. `layers` and
    `pooling` are what `CNNFeatures` takes from it unless told otherwise.
    """

    name: str
    identity: Hashable
    size: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    build: Callable[[], nn.Module] = field(compare=False, repr=False)
    source: str = "torchvision"  # or "tmdfeat", "timm" or "factory"
    ignored_weights: tuple[str, ...] = ()
    head: str | None = None
    default_weights: Callable[[], Path] | None = field(default=None, compare=False, repr=False)
    adapt: Callable[[Mapping, nn.Module], Mapping] | None = field(
        default=None, compare=False, repr=False
    )

    layers: tuple[str, ...] = ("pool",)
    pooling: str = "avg"

    @property
    def channels(self) -> int:
        """Channels of the input; each has a mean and a standard deviation."""
        return len(self.mean)

    @property
    def from_torchvision(self) -> bool:
        """Whether name and weights are torchvision's."""
        return self.source == "torchvision"

    @property
    def from_library(self) -> bool:
        """Whether it is known to run without numbers (torch's meta device) and channels-last."""
        return self.source != "factory"


def unknown_name(name: str, known: list[str], wanted: str, way_out: str) -> ValueError:
    """Say that there is no such network, and which names are near."""
    near = difflib.get_close_matches(name, known, n=3)
    hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
    return ValueError(f"backbone must be {wanted}, got {name!r}.{hint} {way_out}")
