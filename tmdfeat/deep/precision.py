"""Networks are built and run in plain float32, whatever the process around them allows."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import torch

# What torch may compute in TF32 or bfloat16 although the tensors are float32.
OPERATIONS = (
    ("cuda", "matmul"),
    ("cudnn", "conv"),
    ("cudnn", "rnn"),
    ("mkldnn", "matmul"),
    ("mkldnn", "conv"),
    ("mkldnn", "rnn"),
)
_settings_lock = threading.RLock()  # torch has one set of settings for all threads


@contextmanager
def plain_float32(device_type: str) -> Iterator[None]:
    """Switch autocast, TF32 and bfloat16 off, make float32 the default, and put all back after.

    One thread at a time is inside. Torch's own settings for float32, which are global, change
    for other users of torch in this process meanwhile; autocast is the thread's own.

    Parameters
    ----------
    device_type : {"cpu", "cuda", "meta"}
        Where the tensors are; on "meta" there are no numbers.

    Examples
    --------
    >>> import torch
    >>> from tmdfeat.deep.precision import plain_float32
    >>> a = torch.eye(2)
    >>> with torch.autocast("cpu", torch.bfloat16), plain_float32("cpu"):
    ...     print((a @ a).dtype)
    torch.float32
    """
    numbers = device_type != "meta"
    autocast = torch.autocast(device_type, enabled=False) if numbers else nullcontext()
    with _settings_lock, _default_dtype(), _no_shortcuts(), autocast:
        yield


@contextmanager
def _default_dtype() -> Iterator[None]:
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float32)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


@contextmanager
def _no_shortcuts() -> Iterator[None]:
    # Torch refuses to compute where its older settings contradict the newer ones: set both.
    matmul = _readable(torch.get_float32_matmul_precision)
    convolution = _readable(lambda: torch.backends.cudnn.allow_tf32)
    newer = [(setting, setting.fp32_precision) for setting in _newer_settings()]
    torch.set_float32_matmul_precision("highest")
    torch.backends.cudnn.allow_tf32 = False
    for setting, _ in newer:
        setting.fp32_precision = "ieee"
    try:
        yield
    finally:
        if matmul is not None:
            torch.set_float32_matmul_precision(matmul)
        if convolution is not None:
            torch.backends.cudnn.allow_tf32 = convolution
        for setting, before in newer:
            setting.fp32_precision = "none"  # inherits; what was inherited must go on to be
            if setting.fp32_precision != before:
                setting.fp32_precision = before


def _newer_settings() -> list:
    if not hasattr(torch.backends, "fp32_precision"):  # torch before 2.9
        return []
    return [getattr(getattr(torch.backends, backend), name) for backend, name in OPERATIONS]


def _readable(setting):
    """A setting's value, or None where the newer settings contradict it and torch refuses."""
    try:
        return setting()
    except RuntimeError:
        return None
