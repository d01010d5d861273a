"""Which networks there are, how large and how costly: a table to choose from."""

import math
from functools import lru_cache

import pandas as pd
import torch
from torch.utils.flop_counter import FlopCounterMode
from tqdm import tqdm

from tmdfeat.deep.architecture import SURFACENET, TIMM, Backbone
from tmdfeat.deep.backbones import backbone_names, build_on_meta, find_backbone
from tmdfeat.deep.layers import layer_sizes
from tmdfeat.deep.surfacenet_backbone import packaged_weights
from tmdfeat.deep.torchvision_backbones import named_weights
from tmdfeat.deep.weights_folder import locate
from tmdfeat.deep.widths import WIDTHS

COLUMNS = {
    "name": str,
    "source": str,
    "columns": int,
    "size": int,
    "parameters_M": float,
    "gflops": float,
    "weights": str,
    "weights_MB": float,
    "local": bool,
}


def list_backbones(pattern: str | None = None) -> pd.DataFrame:
    """Tabulate the networks that `CNNFeatures` knows by name.

    Nothing is downloaded, and no weights are loaded. Torchvision's networks are listed at once.
    Of timm's, each that matches is run once without numbers, which takes up to about a second:
    narrow the pattern, or see `backbone_names` for names alone.

    Parameters
    ----------
    pattern : str, optional
        With wildcards, as file names have them: ``"resnet*"``, or ``"timm/convnext*"``. By
        default surfacenet and all of torchvision's.

    Returns
    -------
    DataFrame, one row per network, in order of names
        ``name``, ``source`` ("tmdfeat", "torchvision" or "timm"); ``columns``: how many the
        layer "pool" gives; ``size``: side of the input in pixels; ``parameters_M``: parameters in
        millions, with the classifier; ``gflops``: floating-point operations for one image of that
        size in billions, a multiply-add counted as two, of convolutions and matrix products alone;
        ``weights``: the name of the default weights, "" if there are none; ``weights_MB``: their
        size in 10^6 bytes, NaN if there are none (of timm's, what they take in float32);
        ``local``: whether their file is on this machine.

    Raises
    ------
    ImportError
        If the pattern asks for timm's and timm is not installed.

    Examples
    --------
    >>> from tmdfeat.deep import list_backbones
    >>> table = list_backbones("resnet[15]*").set_index("name")
    >>> table.loc[["resnet18", "resnet50"], ["columns", "size", "gflops"]].round(1)
              columns  size  gflops
    name
    resnet18      512   224     3.6
    resnet50     2048   224     8.2
    """
    names = backbone_names("*" if pattern is None else pattern)
    rows = [_row(name) for name in tqdm(names, "networks", leave=False, disable=None)]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def _row(name: str) -> tuple:
    if name == SURFACENET:
        return _surfacenet_row()
    return _timm_row(name) if name.startswith(TIMM) else _torchvision_row(name)


def _surfacenet_row() -> tuple:
    backbone = find_backbone(SURFACENET, "default")
    size_of_file = packaged_weights().stat().st_size / 1e6  # float16
    return (SURFACENET, *_counted(backbone), "default", size_of_file, True)


def _torchvision_row(name: str) -> tuple:
    entry = named_weights(name, "default")
    backbone = find_backbone(name, "default")
    columns = WIDTHS.get(name) or layer_sizes(backbone, ("pool",), "avg")[0]
    return (
        name,
        backbone.source,
        columns,
        backbone.size,
        entry.meta["num_params"] / 1e6,
        2 * entry.meta["_ops"],  # torchvision counts multiply-adds
        entry.name,
        entry.meta["_file_size"] * 2**20 / 1e6,  # torchvision counts in MiB
        locate(entry.url.rpartition("/")[2]) is not None,
    )


def _timm_row(name: str) -> tuple:
    from tmdfeat.deep.timm_weights import timm_weights_here, weights_tag

    backbone, tag = find_backbone(name, "default"), weights_tag(name)
    size_of_file = _counts(backbone)[3] / 1e6 if tag else math.nan
    here = bool(tag) and timm_weights_here(name) is not None
    return (name, *_counted(backbone), tag, size_of_file, here)


def _counted(backbone: Backbone) -> tuple[str, int, int, float, float]:
    """Source, columns, size, parameters and operations, in the units of the table."""
    columns, parameters, flops, _ = _counts(backbone)
    return backbone.source, columns, backbone.size, parameters / 1e6, flops / 1e9


@lru_cache(maxsize=4096)
def _counts(backbone: Backbone) -> tuple[int, int, int, int]:
    """Count columns, parameters, operations for one image, and bytes, by a dry run."""
    columns = layer_sizes(backbone, ("pool",), "avg")[0]
    module = build_on_meta(backbone)
    shape = (1, backbone.channels, backbone.size, backbone.size)
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        module(torch.zeros(shape, device="meta"))
    parameters = sum(parameter.numel() for parameter in module.parameters())
    n_bytes = sum(tensor.nbytes for tensor in module.state_dict().values())
    return columns, parameters, counter.get_total_flops(), n_bytes
