"""From "default", a name or a path to a file of weights on this machine."""

import hashlib
import os
import re
import sys
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import torch

from tmdfeat.deep.backbones import Backbone, named_weights

HASH_IN_NAME = re.compile(r"-([0-9a-f]{8,})\.")
SUFFIXES = (".pth", ".pt", ".safetensors")


class WeightsUnavailable(RuntimeError):
    """Named weights are neither on this machine nor to be had from the internet."""


class WeightsFile(NamedTuple):
    """A file as it was when looked at: another time or size is another file."""

    path: Path
    mtime_ns: int
    size: int


def find_weights(backbone: Backbone, weights) -> WeightsFile | None:
    """Find the file that `weights` means; download it if it is torchvision's and missing.

    Parameters
    ----------
    backbone : Backbone
    weights : "default", name of torchvision weights, path to .pth or .safetensors, or None

    Returns
    -------
    WeightsFile or None

    Raises
    ------
    WeightsUnavailable
        If the file is missing and cannot be downloaded: says which, its hash, where to put it.
    FileNotFoundError, ValueError, TypeError
        If there is no such file or name, or the file's content contradicts its name's hash.
    """
    if weights is None:
        return None
    if not isinstance(weights, str | os.PathLike):
        raise TypeError(
            f'weights must be "default", a name, a path or None, got {type(weights).__name__}.'
        )
    entry = named_weights(backbone.name, weights) if backbone.from_torchvision else None
    if entry is not None:
        return _stamp(_torchvision_file(backbone.name, entry))
    path = Path(weights).expanduser()
    if path.is_file():
        return _stamp(path.absolute())
    raise _no_such_weights(backbone, weights)


def _torchvision_file(name: str, entry) -> Path:
    folder = Path(torch.hub.get_dir()) / "checkpoints"
    path = folder / entry.url.rsplit("/", 1)[-1]
    prefix = HASH_IN_NAME.search(path.name)[1]  # type: ignore[index]
    if not path.is_file():
        _download(name, entry.url, path, prefix)
    found = _sha256(_stamp(path))
    if not found.startswith(prefix):
        raise ValueError(
            f"{path} is damaged or another file: its name says that its SHA-256 begins with "
            f"{prefix}, but it begins with {found[: len(prefix)]}. Delete it to have it "
            "downloaded again, or replace it."
        )
    return path


def _download(name: str, url: str, path: Path, prefix: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        torch.hub.download_url_to_file(url, str(path), prefix, progress=sys.stderr.isatty())
    except (OSError, RuntimeError) as error:  # URLError is an OSError; a wrong hash is the other
        raise WeightsUnavailable(
            f"{name} needs the file {path.name} (SHA-256 begins with {prefix}); it is not in "
            f"{path.parent} and could not be downloaded from {url} ({error}). Two ways to "
            f"provide it: (1) download it elsewhere and put it into {path.parent} (the "
            "environment variable TORCH_HOME moves that folder); (2) give a file: "
            f"weights='path/to/{path.name}'. With weights=None the network is untrained."
        ) from error


def _no_such_weights(backbone: Backbone, weights) -> Exception:
    if not backbone.from_torchvision and weights == "default":
        return ValueError(
            f"the backbone factory {backbone.name!r} has no default weights. Give the path of "
            "its state dict (weights='file.pth'), or weights=None for what the factory returns."
        )
    path = Path(weights)
    if not backbone.from_torchvision or path.suffix in SUFFIXES or len(path.parts) > 1:
        return FileNotFoundError(f"weights: there is no file {str(path)!r}.")
    names = [entry.name for entry in type(named_weights(backbone.name, "default"))]
    return ValueError(
        f"weights of {backbone.name} must be 'default', one of {names}, the path of a file, or "
        f"None (untrained), got {weights!r}, which is neither such a name nor a file."
    )


def _stamp(path: Path) -> WeightsFile:
    status = path.stat()
    return WeightsFile(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=64)
def _sha256(file: WeightsFile) -> str:
    with file.path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
