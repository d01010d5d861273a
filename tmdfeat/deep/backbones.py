"""From a name or a factory to an untrained module and the input it wants."""

import copy
import fnmatch
import threading

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from tmdfeat.deep.architecture import SURFACENET, TIMM, Architecture, Backbone
from tmdfeat.deep.factories import factory_identity, factory_name
from tmdfeat.deep.precision import plain_float32
from tmdfeat.deep.surfacenet_backbone import find_surfacenet
from tmdfeat.deep.torchvision_backbones import find_torchvision_backbone, torchvision_names

seeding = threading.RLock()  # torch has one generator for all threads


def backbone_names(pattern: str = "*") -> list[str]:
    """Names that `CNNFeatures` knows: surfacenet, torchvision's classifiers, and timm's.

    Parameters
    ----------
    pattern : str, default "*"
        With wildcards, as file names have them. Names of timm begin with "timm/": only
        patterns that do, too, match them, e.g. ``"timm/*"`` for all.

    Returns
    -------
    list of str

    Raises
    ------
    ImportError
        If the pattern asks for timm's and timm is not installed.

    Examples
    --------
    >>> from tmdfeat.deep import backbone_names
    >>> backbone_names("resnet*")
    ['resnet101', 'resnet152', 'resnet18', 'resnet34', 'resnet50']
    """
    if pattern.startswith(TIMM):
        from tmdfeat.deep.timm_registry import timm_names

        names = timm_names()
    else:
        names = sorted([SURFACENET, *torchvision_names()])
    return [name for name in names if fnmatch.fnmatchcase(name, pattern)]


def find_backbone(backbone, weights) -> Backbone:
    """Look up what `CNNFeatures(backbone, weights=weights)` means.

    Parameters
    ----------
    backbone : str, Architecture, or callable that returns a torch.nn.Module
    weights : str, path or None
        Only published weights' names matter here: they set the input's size.

    Returns
    -------
    Backbone

    Raises
    ------
    ValueError
        If the name is not known, or a factory cannot be pickled.
    TypeError
        If `backbone` is neither a name nor a factory.
    ImportError
        If the name is one of timm's and timm is not installed.
    """
    if isinstance(backbone, str) and backbone.startswith(TIMM):
        from tmdfeat.deep.timm_backbones import find_timm_backbone

        return find_timm_backbone(backbone)
    if backbone == SURFACENET:
        return find_surfacenet()
    if isinstance(backbone, str):
        return find_torchvision_backbone(backbone, weights)
    if isinstance(backbone, Architecture):
        return _from_architecture(backbone)
    return _from_architecture(Architecture(backbone))


def build_seeded(backbone: Backbone, seed: int) -> nn.Module:
    """Build the untrained network from a seed; torch's global random state stays as it was.

    Raises
    ------
    TypeError
        If a factory does not return a torch.nn.Module, or one that is not float32.
    """
    with seeding, plain_float32("cpu"), torch.random.fork_rng(devices=[]):
        # Not torch.manual_seed: that would seed the GPUs too, which are not forked.
        torch.random.default_generator.manual_seed(seed)
        module = backbone.build()
    if not isinstance(module, nn.Module):
        raise TypeError(
            f"the backbone factory {backbone.name!r} must return a torch.nn.Module, "
            f"got {type(module).__name__}."
        )
    _check_float32(module, backbone)
    if not backbone.from_library:  # it may return one network every time, which is the user's
        module = copy.deepcopy(module)
    return module.eval().requires_grad_(False)


def build_on_meta(backbone: Backbone) -> nn.Module:
    """Build a network of torchvision or timm without numbers, on torch's meta device: at once.

    Factories may compute with their weights while they build, so not for them.
    """
    with _EmptyOnMeta():
        return build_seeded(backbone, 0).to("meta")


class _EmptyOnMeta(TorchFunctionMode):
    # torch.device("meta") as a context would move everything, also what some networks
    # compute with while they are built. Parameters begin as torch.empty.
    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        if func is torch.empty:
            kwargs["device"] = "meta"
        return func(*args, **kwargs)


def _check_float32(module: nn.Module, backbone: Backbone) -> None:
    for name, tensor in module.state_dict().items():
        if tensor.is_floating_point() and tensor.dtype != torch.float32:
            raise TypeError(
                f"the backbone factory {backbone.name!r} must return a float32 network, but "
                f"{name!r} is {tensor.dtype}. Call .float() on it in the factory."
            )


def _from_architecture(wanted: Architecture) -> Backbone:
    if isinstance(wanted.build, nn.Module) or not callable(wanted.build):
        raise TypeError(
            "backbone must be the name of a torchvision or timm network, or a function that "
            "returns a torch.nn.Module, alone or in an Architecture, got "
            f"{type(wanted.build).__name__}. A network itself would travel with every clone and "
            "pickle: wrap what builds it in a function."
        )
    return Backbone(
        factory_name(wanted.build),
        identity=factory_identity(wanted.build),
        size=int(wanted.size),
        mean=tuple(map(float, wanted.mean)),
        std=tuple(map(float, wanted.std)),
        build=wanted.build,
        source="factory",
    )
