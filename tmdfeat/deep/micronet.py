"""MicroNet: weights trained on 100,000 micrographs, published by NASA.

Stuckner, Harder and Smith, npj Computational Materials 8, 200 (2022),
doi:10.1038/s41524-022-00878-5, https://github.com/nasa/pretrained-microscopy-models. Only the
networks that torchvision has under the same name and with the same names of layers are known
here; vgg11 and vgg13 are left out, since by the authors' own table they did not learn.
"""

import os
from pathlib import Path
from typing import NamedTuple

ADDRESS = "https://nasa-public-data.s3.amazonaws.com/microscopy_segmentation_models/"
NAMES = {"micronet": "microscopynet", "image-micronet": "imagenet-microscopynet"}
BACKBONES = (
    "densenet121",
    "densenet161",
    "densenet169",
    "densenet201",
    "mobilenet_v2",
    "resnet101",
    "resnet152",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnext101_32x8d",
    "resnext50_32x4d",
    "vgg11_bn",
    "vgg13_bn",
    "vgg16_bn",
)
RETRAINED = {("resnet50", "micronet")}  # version 1.1 replaces the paper's 1.0
# The one file that is not named after its network; that fine-tuned from ImageNet has no
# known address.
MISNAMED = {("resnext101_32x8d", "micronet"): "resnext101_pretrained_microscopynet_v1.0.pth.tar"}
MISSING = {("resnext101_32x8d", "image-micronet")}


class MicroNetInput(NamedTuple):
    """What the networks take: the authors keep ImageNet's statistics for MicroNet, too.

    So say their examples ("Use imagenet statistics even on micronet pre-training") and the
    settings on their model cards (https://huggingface.co/jstuckner). Their package also holds
    other numbers (.4723, ...), which nothing in it uses.
    """

    crop_size: tuple[int] = (224,)
    mean: tuple[float, float, float] = (0.485, 0.456, 0.406)
    std: tuple[float, float, float] = (0.229, 0.224, 0.225)


def micronet_input(backbone: str, weights) -> MicroNetInput | None:
    """Return size and normalisation that MicroNet weights want, or None for other weights.

    Parameters
    ----------
    backbone : str
        A torchvision network.
    weights : str, path or None
        "micronet", "image-micronet", or the path or address of a file with such a name.

    Examples
    --------
    >>> micronet_input("resnet18", "micronet").mean
    (0.485, 0.456, 0.406)
    >>> micronet_input("resnet18", "default") is None
    True
    """
    if backbone not in BACKBONES or not isinstance(weights, str | os.PathLike):
        return None
    name = Path(weights).name.lower()
    return MicroNetInput() if "micronet" in name or "microscopynet" in name else None


def micronet_file(backbone: str, weights) -> str | None:
    """Name the published file, or return None if the weights are not called MicroNet's.

    Parameters
    ----------
    backbone : str
        A torchvision network.
    weights : str, path or None

    Raises
    ------
    ValueError
        If there is no such file for this backbone; the message says for which there is.

    Examples
    --------
    >>> micronet_file("resnet18", "image-micronet")
    'resnet18_pretrained_imagenet-microscopynet_v1.0.pth.tar'
    """
    if not isinstance(weights, str) or weights not in NAMES:
        return None
    if backbone not in BACKBONES or (backbone, weights) in MISSING:
        known = [name for name in BACKBONES if (name, weights) not in MISSING]
        raise ValueError(
            f"there are no weights {weights!r} for {backbone}, only for {', '.join(known)}. If "
            "you have such a file, give its path, and a function that builds its network."
        )
    version = "1.1" if (backbone, weights) in RETRAINED else "1.0"
    usual = f"{backbone}_pretrained_{NAMES[weights]}_v{version}.pth.tar"
    return MISNAMED.get((backbone, weights), usual)
