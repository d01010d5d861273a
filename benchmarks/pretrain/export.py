"""Write a trained network as the package ships it: half precision, tensors and nothing else."""

from pathlib import Path

import safetensors.torch
import torch


def export(trained: Path, path: Path) -> None:
    """Turn a float32 state dict into a float16 safetensors file.

    Raises
    ------
    ValueError
        If a number is too large for half precision, or not finite.
    """
    state = torch.load(trained, weights_only=True)
    half = {name: _halved(name, tensor) for name, tensor in state.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(safetensors.torch.save(half))  # save_file would let only its owner read it


def _halved(name: str, tensor: torch.Tensor) -> torch.Tensor:
    if not tensor.is_floating_point():
        return tensor.contiguous()
    half = tensor.to(torch.float16).contiguous()
    if not half.isfinite().all():
        raise ValueError(f"{name} does not fit into half precision.")
    return half
