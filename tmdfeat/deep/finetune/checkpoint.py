"""States of a training in files: tensors and plain text, replaced as a whole, never unpickled."""

import json
import os
import uuid
from collections.abc import Mapping
from pathlib import Path

import safetensors
import safetensors.torch
from safetensors import SafetensorError
from torch import Tensor


def write_tensors(path: Path, tensors: Mapping[str, Tensor], notes: Mapping) -> None:
    """Write a .safetensors file; whoever reads meanwhile sees the old one.

    Parameters
    ----------
    path : Path
        Its folder is made.
    tensors : mapping of str to tensor
    notes : mapping
        Of what JSON knows; kept in the file's header.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    whole = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    seen: set[int] = set()
    for name, tensor in whole.items():
        storage = tensor.untyped_storage().data_ptr()
        if storage in seen:  # tied weights: safetensors wants each for itself
            whole[name] = tensor.clone()
        seen.add(storage)
    try:
        safetensors.torch.save_file(whole, beside, {"notes": json.dumps(notes)})
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def read_tensors(path: Path) -> tuple[dict[str, Tensor], dict]:
    """Read what `write_tensors` wrote.

    Returns
    -------
    tensors, notes

    Raises
    ------
    ValueError
        If the file is damaged, or not one of these.
    """
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            notes = json.loads((file.metadata() or {})["notes"])
            return {name: file.get_tensor(name) for name in file.keys()}, notes  # noqa: SIM118
    except (SafetensorError, KeyError, json.JSONDecodeError) as error:
        raise ValueError(
            f"{path} is damaged, or was not written by this estimator ({error!r})."
        ) from error
