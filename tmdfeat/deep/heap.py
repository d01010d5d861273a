"""Memory that one layer lets go of is kept for the next, where glibc gives out memory.

By itself glibc gives every block above 32 MiB back to the system and asks for a new one, which
the system first fills with zeros: for activations of a batch that takes up to as long as the
network itself.
"""

import ctypes
import os
import platform
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

# Numbers of the settings in glibc's malloc.h.
TRIM_THRESHOLD, MMAP_THRESHOLD, MMAP_MAX = -1, -3, -4

KEEPING = {MMAP_MAX: 0, TRIM_THRESHOLD: 2**31 - 1}
# Where glibc comes to by itself once a block of 32 MiB was let go of.
USUAL = {MMAP_MAX: 65536, MMAP_THRESHOLD: 2**25, TRIM_THRESHOLD: 2**26}

_inside = 0
_lock = threading.Lock()


@contextmanager
def kept_memory() -> Iterator[None]:
    """Keep freed memory in this process while inside, in as many threads as there are.

    It does nothing where another library than glibc gives out memory, or where the environment
    says how glibc should (``MALLOC_...``, ``GLIBC_TUNABLES``).

    Examples
    --------
    >>> from tmdfeat.deep.heap import kept_memory
    >>> with kept_memory():
    ...     pass
    """
    _enter(1)
    try:
        yield
    finally:
        _enter(-1)


def _enter(change: int) -> None:
    global _inside
    with _lock:
        before, _inside = _inside, _inside + change
        if bool(before) != bool(_inside):
            _set(KEEPING if _inside else USUAL)
        if not _inside:
            _give_back()


def _set(settings: dict[int, int]) -> None:
    if _is_ours_to_set():
        for name, value in settings.items():
            ctypes.CDLL(None).mallopt(name, value)


def _give_back() -> None:
    # Joblib takes workers that stay large for leaking, and starts them anew after each call.
    if _is_ours_to_set():
        ctypes.CDLL(None).malloc_trim(0)


@cache
def _is_ours_to_set() -> bool:
    chosen = any(name.startswith(("MALLOC_", "GLIBC_TUNABLES")) for name in os.environ)
    return platform.libc_ver()[0] == "glibc" and not chosen
