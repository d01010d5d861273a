"""A disk that is full, without filling one."""

from contextlib import contextmanager

import pytest


@contextmanager
def files_up_to(size):
    """No file of this process may grow beyond so many bytes: the system refuses, as a full disk."""
    resource = pytest.importorskip("resource", reason="file sizes cannot be limited here")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
