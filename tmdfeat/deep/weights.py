"""From "default", a name, a path or an address to a file of weights on this machine."""

import os
from http.client import HTTPException
from pathlib import Path

from tmdfeat.deep.architecture import SURFACENET, TIMM, Backbone
from tmdfeat.deep.download import download
from tmdfeat.deep.weights_folder import SUFFIXES, locate, torch_folder, weights_folder
from tmdfeat.deep.weights_hashes import (
    WeightsFile,
    check_hash,
    hash_in_name,
    recorded_hash,
    stamp,
)
from tmdfeat.deep.weights_sources import Source, find_source, split_hash, weights_names

CORRECT = (
    "Replace it; or if that hash is wrong, or none, correct it where it stands: in the file's "
    "name, after #sha256=, or in the file .sha256 beside it."
)


class WeightsUnavailable(RuntimeError):
    """Named weights are neither on this machine nor to be had from the internet."""


def find_weights(backbone: Backbone, weights) -> WeightsFile | None:
    """Find the file that `weights` means; download it if it is published and missing.

    Files are looked for in the weights folder (`tmdfeat.deep.weights_folder`), then in
    torch's folder of checkpoints. Whatever is known of a file's hash must be true: what its
    name says, what ``#sha256=...`` says, or what is recorded beside it.

    Parameters
    ----------
    backbone : Backbone
    weights : str, path or None
        "default" or the name of torchvision's weights; "micronet" or "image-micronet"; an
        address (``https://...``); the path of a ``.pth``, ``.pt`` or ``.safetensors``, or the
        name of one in the weights folder.

    Returns
    -------
    WeightsFile or None

    Raises
    ------
    WeightsUnavailable
        If the file is missing and cannot be downloaded: says which, its hash, where to put it.
    FileNotFoundError, ValueError, TypeError
        If there is no such file or name, or the file's content contradicts its hash.
    """
    if weights is None:
        return None
    if not isinstance(weights, str | os.PathLike):
        raise TypeError(
            'weights must be "default", a name, a path, an address or None, '
            f"got {type(weights).__name__}."
        )
    if weights == "default" and backbone.default_weights is not None:
        return stamp(backbone.default_weights())
    source = find_source(backbone, weights)
    if source is not None:
        return stamp(fetch(source))
    return stamp(_local_file(backbone, os.fspath(weights)))


def fetch(source: Source) -> Path:
    """Find a published file on this machine, or download it; check it.

    Raises
    ------
    WeightsUnavailable
        If it is missing and cannot be downloaded.
    ValueError
        If the file that is here is damaged.
    """
    path = locate(source.file)
    if path is None:
        path = weights_folder() / source.file
        try:
            download(source.url, path, source.sha256)
        except (OSError, HTTPException, ValueError) as error:  # URLError is an OSError
            raise WeightsUnavailable(_ways_out(source, error)) from error
    wanted = source.sha256 or recorded_hash(path)
    if wanted is not None:
        check_hash(path, wanted, "Delete it to have it downloaded again, or replace it.")
    return path


def _local_file(backbone: Backbone, weights: str) -> Path:
    name, wanted = split_hash(weights)
    path = Path(name).expanduser()
    if not path.is_file() and len(path.parts) == 1:
        path = locate(name) or path
    if not path.is_file():
        raise _no_such_weights(backbone, name)
    for known in (wanted, hash_in_name(path.name), recorded_hash(path)):
        if known is not None:
            check_hash(path, known, CORRECT)
    return path.absolute()


def _ways_out(source: Source, error: Exception) -> str:
    name = Path(source.file).name
    known = f" (SHA-256 begins with {source.sha256})" if source.sha256 else ""
    called = (
        source.file.removesuffix(Path(name).suffix) if source.file.startswith(TIMM) else source.url
    )
    as_ = "" if source.file == name else f" --name {called}"
    return (
        f"the file {source.file}{known} is neither in {weights_folder()} nor in "
        f"{torch_folder()}, and could not be downloaded from {source.url}: {error}. Ways to "
        "provide it: (1) try again: what has come of it is gone on with; (2) download it "
        f"elsewhere and bring it here, `tmdfeat weights import {name}{as_}` (the environment "
        "variables TMDFEAT_WEIGHTS and TORCH_HOME move the folders); (3) give the path of a "
        f"file, whatever its name and hash, weights='path/to/file.pth'. With weights=None the "
        "network is untrained."
    )


def _no_such_weights(backbone: Backbone, weights: str) -> Exception:
    if not backbone.from_torchvision and weights == "default":
        return ValueError(
            f"the backbone factory {backbone.name!r} has no default weights. Give the path of "
            "its state dict (weights='file.pth'), or weights=None for what the factory returns."
        )
    several = len(Path(weights).parts) > 1
    if not backbone.from_torchvision or weights.endswith(SUFFIXES) or several:
        place = "" if several else f", neither here nor in {weights_folder()}"
        hint = ' Names of weights need a network, e.g. CNNFeatures("resnet18", weights=...).'
        return FileNotFoundError(
            f"weights: there is no file {weights!r}{place}."
            + (hint if backbone.name == SURFACENET else "")
        )
    return ValueError(
        f"weights of {backbone.name} must be 'default', one of {weights_names(backbone.name)}, "
        "the path of a file, an https address, or None (untrained), "
        f"got {weights!r}, which is neither such a name nor a file."
    )
