"""Each test of this room begins with an empty cache, and can count what passes a network."""

import pytest

from tmdfeat.cache import memory_cache
from tmdfeat.deep import networks


@pytest.fixture(autouse=True)
def _empty_cache():
    memory_cache.clear()


@pytest.fixture
def passed(monkeypatch):
    """Sizes of the batches that were sent through networks."""
    sizes = []
    real = networks.forward

    def counting(module, taps, pooling, batch):
        sizes.append(len(batch))
        return real(module, taps, pooling, batch)

    monkeypatch.setattr(networks, "forward", counting)
    return sizes
