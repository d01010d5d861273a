"""Fixtures that many rooms share."""

import os
from pathlib import Path

import hypothesis
import pytest

# The same examples in every automatic run; other ones each time at a developer's desk.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis.settings.register_profile("desk", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "desk")

SHARED = Path(os.environ.get("TMDFEAT_SHARED", Path(__file__).parents[2] / "shared"))


@pytest.fixture(scope="session")
def shared():
    """Folder with real data and weights beside the project; tests that need it skip without."""
    if not SHARED.is_dir():
        pytest.skip(f"real data not found at {SHARED}; set TMDFEAT_SHARED to their folder")
    return SHARED


def pytest_make_parametrize_id(val):
    """Call functions by their names: addresses differ between the processes of xdist."""
    return getattr(val, "__name__", None) if callable(val) else None


@pytest.fixture
def cluster(_cluster):
    """A client of two worker processes on this machine, both up: tests may have killed one."""
    _cluster.wait_for_workers(2, timeout=120)
    return _cluster


@pytest.fixture(scope="session")
def _cluster():
    distributed = pytest.importorskip("distributed", reason="needs the extra dask")
    import dask

    # Workers that tests kill come back. Left to itself the cluster gives up, for good, one that is
    # not there 15 s after it was killed: a busy machine takes longer, or it was killed again.
    with (
        dask.config.set({"distributed.deploy.lost-worker-timeout": "1h"}),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client
