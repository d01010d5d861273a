"""Files of weights that came by hand, e.g. on a stick: into the weights folder, checked."""

import os
import shutil
from pathlib import Path
from typing import NamedTuple

from tmdfeat.deep.statedict import read_state
from tmdfeat.deep.weights_content import check_content
from tmdfeat.deep.weights_folder import weights_files, weights_folder
from tmdfeat.deep.weights_hashes import (
    check_hash,
    hash_in_name,
    record_hash,
    recorded_hash,
    sha256,
    stamp,
)
from tmdfeat.deep.weights_sources import published, source_by_name


class Imported(NamedTuple):
    """Where a file was copied to, and whether a hash of its publisher was there to check."""

    path: Path
    verified: bool


def import_weights(path, name: str | None = None) -> Imported:
    """Copy a file of weights into the weights folder, under the name it is looked for.

    Parameters
    ----------
    path : path of a file
        Its hash is checked against that in its (new) name and that in a file beside it, with
        ``.sha256`` at the end of its name, as far as there are any.
    name : str or None
        What it is: "resnet18", "resnet18/IMAGENET1K_V1", "resnet50/micronet", or the address
        it is from, with or without ``#sha256=...``. None: its file's name says.

    Returns
    -------
    Imported

    Raises
    ------
    OSError
        If the file is not there, or the folder cannot be written.
    ValueError
        If it is no plain state dict, or has another hash, or the name is not known.
    """
    origin = Path(path).expanduser()
    if not origin.is_file():
        raise FileNotFoundError(f"there is no file {str(origin)!r} to import.")
    target, wanted = _target(origin, name)
    known = [known for known in (wanted, recorded_hash(origin)) if known is not None]
    for hash_ in known:
        check_hash(
            origin,
            hash_,
            (
                "Copy it anew; or, if these are other weights, import them without --name and call "
                f"them by their file's name, weights={origin.name!r}."
            ),
        )
    check_content(origin, str(origin))
    read_state(origin)
    _copy(origin, target)
    return Imported(target, bool(known))


def import_folder(folder) -> list[Imported]:
    """Copy every file of weights in a folder and its sub-folders (see `import_weights`).

    Raises
    ------
    ValueError
        If there is none; or as `import_weights`, at the first that cannot be imported.
    """
    files = weights_files(Path(folder).expanduser())
    if not files:
        raise ValueError(f"there are no files of weights (.pth, .pt, .safetensors) in {folder}.")
    return [import_weights(path) for path in files]


def _target(origin: Path, name: str | None) -> tuple[Path, str | None]:
    if name is not None:
        source = source_by_name(name)
        return weights_folder() / source.file, source.sha256
    known = published().get(origin.name)
    wanted = known[1].sha256 if known else hash_in_name(origin.name)
    return weights_folder() / origin.name, wanted


def _copy(origin: Path, target: Path) -> None:
    """Copy beside the target first, so that a half copy never has its name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        shutil.copyfile(origin, part)
        digest = sha256(stamp(origin))
        check_hash(part, digest, "The copy went wrong: try again, and check the disk.")
        record_hash(target, digest)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
