"""How a network runs while it is tuned: plain numbers, its own seed, and words for full memory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from tmdfeat.deep.precision import plain_float32

# What torch says on a GPU, on the CPU of Windows, of Linux, and in CUDA's libraries.
FULL = ("out of memory", "not enough memory", "can't allocate memory", "status_alloc_failed")


@contextmanager
def arithmetic(device: str, precision: str, seed: int | None = None) -> Iterator[Callable[[], Any]]:
    """Run in plain float32, or with bfloat16 where torch allows it, with a random state of its own.

    Yields
    ------
    callable
        Makes the context for what may be computed in bfloat16.
    """
    kind = torch.device(device).type
    cuda = list(range(torch.cuda.device_count())) if kind == "cuda" else []
    deterministic = torch.backends.cudnn.deterministic
    with plain_float32(kind), torch.random.fork_rng(devices=cuda):
        if seed is not None:
            torch.random.default_generator.manual_seed(seed)
            if cuda:
                torch.cuda.manual_seed_all(seed)
        torch.backends.cudnn.deterministic = True
        try:
            yield lambda: torch.autocast(kind, torch.bfloat16, enabled=precision == "bfloat16")
        finally:
            torch.backends.cudnn.deterministic = deterministic


@torch.no_grad()
def sent_through(
    net: nn.Module, grey: Tensor, recipe, function: Callable[[Tensor], Tensor] | None = None
) -> np.ndarray:
    """Send images through a network in eval mode, batch by batch.

    Parameters
    ----------
    net : torch.nn.Module, on the device
    grey : tensor of shape (n, 1, S, S)
    recipe : has device, precision, batch_size
    function : callable, default `net`

    Returns
    -------
    float32 array of shape (n, columns)
    """
    net.eval()
    found = []
    with arithmetic(recipe.device, recipe.precision) as autocast:
        for part in grey.split(recipe.batch_size):
            with autocast():
                found.append((function or net)(part.to(recipe.device)).float().cpu())
    return torch.cat(found).numpy()


@contextmanager
def errors_in_words(batch_size: int, device: str) -> Iterator[None]:
    """Turn torch's errors of full memory, and of batches too small, into ones that say what to try.

    Raises
    ------
    MemoryError, ValueError
    """
    try:
        yield
    except ValueError as error:
        if not str(error).startswith("Expected more than 1 value per channel"):
            raise
        raise ValueError(
            f"batch norms cannot learn from a single number ({error}): a batch was one image, "
            "and its maps were one pixel each. Use a batch_size of at least 2, a larger "
            "rendering=Rendering(size=...), or batch_norm='frozen'."
        ) from error
    except RuntimeError as error:  # there is a class for CUDA alone; others have only the text
        if not any(words in str(error).lower() for words in FULL):
            raise
        smaller = max(batch_size // 2, 1)
        way_out = (
            f"Try batch_size={smaller}, a smaller rendering=Rendering(size=...)"
            if batch_size > 1
            else "Try a smaller rendering=Rendering(size=...), a smaller backbone"
        )
        raise MemoryError(
            f"a batch of {batch_size} images did not fit into the memory of {device} while "
            f"learning. {way_out}, freeze=, or device='cpu'."
        ) from error
