"""Files of weights that are published: their names, addresses and hashes."""

import re
from functools import lru_cache
from typing import NamedTuple

from tmdfeat.deep import micronet
from tmdfeat.deep.architecture import TIMM, Backbone
from tmdfeat.deep.torchvision_backbones import (
    find_torchvision_backbone,
    named_weights,
    torchvision_names,
)
from tmdfeat.deep.weights_folder import name_of_address
from tmdfeat.deep.weights_hashes import HASH_IN_NAME, checked_hash

FRAGMENT = re.compile(r"#sha256=(.*)$", re.DOTALL)


class Source(NamedTuple):
    """A file that can be downloaded: its name in the weights folder, and where it is from."""

    file: str
    url: str
    sha256: str | None  # the whole or its beginning; None if the publisher does not say


def find_source(backbone: Backbone, weights) -> Source | None:
    """Look up what `weights` means if it is an address or the name of published weights.

    Parameters
    ----------
    backbone : Backbone
    weights : str, path or None

    Returns
    -------
    Source, or None if `weights` can only be a file

    Raises
    ------
    ValueError
        If an address is not safe, or there are no such weights for this backbone.
    """
    address = address_source(weights)
    if address is not None or not backbone.from_torchvision:
        return address
    return _torchvision_source(backbone.name, weights) or _micronet_source(backbone.name, weights)


def address_source(weights) -> Source | None:
    """Look up an address; ``#sha256=...`` at its end says its hash.

    Raises
    ------
    ValueError
        If neither the connection nor a hash protects the file from being replaced.

    Examples
    --------
    >>> address_source("https://example.org/net.pth#sha256=0123abcd").sha256
    '0123abcd'
    """
    if not isinstance(weights, str) or not weights.startswith(("https://", "http://")):
        return None
    url, wanted = split_hash(weights)
    if url.startswith("http://") and wanted is None:
        raise ValueError(
            f"weights from {url} could be replaced on the way: take https://, or say their "
            "hash with #sha256=... at the end of the address."
        )
    return Source(name_of_address(url), url, wanted)


def split_hash(weights: str) -> tuple[str, str | None]:
    """Split "file.pth#sha256=..." into the file and the hash, if there is one.

    Raises
    ------
    ValueError
        If the hash is none.
    """
    found = FRAGMENT.search(weights)
    if found is None:
        return weights, None
    return weights[: found.start()], checked_hash(found[1], "weights")


def source_by_name(name: str) -> Source:
    """Look up a name such as "resnet18", "resnet50/micronet", "timm/resnet18", or an address.

    Raises
    ------
    ValueError
        If nothing is published under that name.
    ImportError
        If timm's weights are asked for and timm is not installed.
    """
    address = address_source(name)
    if address is not None:
        return address
    if name.startswith(TIMM):
        return _timm_source(name)
    backbone, _, weights = name.partition("/")
    source = find_source(find_torchvision_backbone(backbone, None), weights or "default")
    if source is None:
        raise ValueError(
            f"{name!r} names no published weights: {backbone} has "
            f"{', '.join(weights_names(backbone))}. Or give an https address."
        )
    return source


def weights_names(backbone: str) -> list[str]:
    """List the names of weights that a torchvision network can be had with."""
    names = [entry.name for entry in type(named_weights(backbone, "default"))]
    known = backbone in micronet.BACKBONES
    return names + [
        name for name in micronet.NAMES if known and (backbone, name) not in micronet.MISSING
    ]


@lru_cache(maxsize=1)
def published() -> dict[str, tuple[str, Source]]:
    """List all published files: name of the file -> name for `source_by_name`, and source."""
    files = {}
    for backbone in torchvision_names():
        for weights in weights_names(backbone):
            source = source_by_name(f"{backbone}/{weights}")
            files[source.file] = (f"{backbone}/{weights}", source)
    return files


def _torchvision_source(backbone: str, weights) -> Source | None:
    entry = named_weights(backbone, weights)
    if entry is None:
        return None
    file = entry.url.rsplit("/", 1)[-1]
    return Source(file, entry.url, HASH_IN_NAME.search(file)[1])  # type: ignore[index]


def _micronet_source(backbone: str, weights) -> Source | None:
    file = micronet.micronet_file(backbone, weights)
    return None if file is None else Source(file, micronet.ADDRESS + file, None)


def _timm_source(name: str) -> Source:
    from tmdfeat.deep.timm_backbones import find_timm_backbone
    from tmdfeat.deep.timm_weights import timm_source

    return timm_source(find_timm_backbone(name).name)
