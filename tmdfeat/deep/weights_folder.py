"""Where files of weights lie on this machine, and by which names."""

import os
import re
import urllib.parse
from pathlib import Path, PurePosixPath

import platformdirs
import torch

SUFFIXES = (".pth", ".pt", ".safetensors", ".pth.tar")


def weights_folder() -> Path:
    """Return the folder that weights are downloaded and imported into.

    The environment variable TMDFEAT_WEIGHTS names it, else it is the user's folder for data
    of programs. It need not be there yet.
    """
    named = os.environ.get("TMDFEAT_WEIGHTS")
    if named:
        return Path(named).expanduser().absolute()
    return platformdirs.user_data_path("tmdfeat", appauthor=False) / "weights"


def torch_folder() -> Path:
    """Return torch's own folder of checkpoints, which is looked into, too (TORCH_HOME)."""
    return Path(torch.hub.get_dir()) / "checkpoints"


def locate(name: str) -> Path | None:
    """Find a file by its name within the weights folder, else torch's, else return None."""
    paths = (folder / name for folder in (weights_folder(), torch_folder()))
    return next((path for path in paths if path.is_file()), None)


def weights_files(folder: Path) -> list[Path]:
    """List the files of weights in a folder and its sub-folders, by suffix."""
    return sorted(p for p in folder.rglob("*") if p.name.endswith(SUFFIXES) and p.is_file())


def name_of_address(url: str) -> str:
    """Choose the name of a downloaded file: host and path of its address, as sub-folders.

    Examples
    --------
    >>> name_of_address("https://example.org/v2/net.pth?download=1")
    'example.org/v2/download_1/net.pth'
    """
    parts = urllib.parse.urlsplit(url)
    path = PurePosixPath(urllib.parse.unquote(parts.path))
    levels = [parts.netloc, *path.parent.parts, parts.query, path.name]
    names = [re.sub(r"[^\w.\-]", "_", level) for level in levels if level.strip("/.")]
    return "/".join(names)
