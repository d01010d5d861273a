"""Each test of this room begins with an empty cache, and can count what passes a network."""

import pytest
from deep.weights_site import home, site, state_file  # noqa: F401

from tmdfeat.cache import memory_cache
from tmdfeat.deep import extraction


@pytest.fixture(autouse=True)
def _empty_cache():
    memory_cache.clear()


@pytest.fixture
def passed(monkeypatch):
    """Sizes of the batches that were sent through networks."""
    sizes = []
    real = extraction.load_engine

    def counting(*arguments):
        engine = real(*arguments)

        def run(greys):
            sizes.append(len(greys))
            return engine(greys)

        return run

    monkeypatch.setattr(extraction, "load_engine", counting)
    return sizes
