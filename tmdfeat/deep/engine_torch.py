"""Torch runs the network, on the CPU or on a CUDA GPU."""

from collections.abc import Callable

import torch

from tmdfeat.deep.precision import plain_float32
from tmdfeat.deep.tapped import Tapped

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def make_engine(
    tapped: Tapped, device: str, precision: str, *, channels_last: bool
) -> Callable[[torch.Tensor], torch.Tensor]:
    """Make a callable from grey images to features.

    Parameters
    ----------
    tapped : Tapped
        In eval mode, float32. Moved to the device and converted, not copied.
    device : str
        "cpu", "cuda" or "cuda:1".
    precision : {"float32", "bfloat16"}
        bfloat16: weights and activations have 8 bits of mantissa, pooled features 24 again.
    channels_last : bool
        Lay the network out channels last, which is faster; networks that use ``.view()`` on
        maps may not run so.

    Returns
    -------
    callable
        From float32 (n, 1, S, S) to float32 (n, columns), both in the CPU's memory. It raises
        MemoryError where the batch does not fit into the GPU's memory, and says what may.

    Examples
    --------
    >>> import torch
    >>> from tmdfeat.deep.engine_torch import make_engine
    >>> from tmdfeat.deep.tapped import Tap, Tapped
    >>> net = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3)).eval()
    >>> taps = [Tap("0", "0", "output", (2, 3))]
    >>> tapped = Tapped(net, taps, "avg", (0.5, 0.5, 0.5), (0.2, 0.2, 0.2))
    >>> make_engine(tapped, "cpu", "bfloat16", channels_last=True)(torch.zeros(2, 1, 9, 9)).shape
    torch.Size([2, 8])
    """
    kind = torch.device(device).type
    tapped = tapped.to(device, DTYPES[precision])
    if channels_last:
        tapped = tapped.to(memory_format=torch.channels_last)

    def run(grey: torch.Tensor) -> torch.Tensor:
        with plain_float32(kind), torch.inference_mode():
            try:
                # Pinned images are copied while the CPU goes on; the copy back waits for all.
                return tapped(grey.to(device, non_blocking=True)).cpu()
            except torch.cuda.OutOfMemoryError as error:
                raise MemoryError(_too_large(len(grey), device)) from error

    return run


def _too_large(images: int, device: str) -> str:
    tried = f"{images} image{'s' if images > 1 else ''} at once did not fit into memory of {device}"
    if images > 1:
        return f"{tried}. Try batch_size={images // 2}, or device='cpu'."
    return f"{tried}. Use a smaller backbone, or device='cpu'; or end what else runs on that GPU."
