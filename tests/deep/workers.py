"""What tests ask of worker processes; here, since workers must be able to import it."""

import contextlib
import os
import signal
import time
import warnings
from pathlib import Path

from tmdfeat.deep import parallel


def loads():
    """How often this process loaded a network's weights."""
    return parallel.unpacked.cache_info().misses


def complaining(image):
    """A step that warns of every map."""
    warnings.warn("a scratched map", stacklevel=2)
    return image


class Deadly:
    """A step that kills the process which sees the map with a 9 in its corner, once."""

    def __init__(self, marker):
        self.marker = marker

    def __call__(self, image):
        if image.z[0, 0] == 9:
            try:
                os.close(os.open(self.marker, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                return image
            self.prepare()
            os.kill(os.getpid(), signal.SIGKILL)
        return image

    def prepare(self):
        """Do what must have happened before."""


class DeadlyToTheOnlyCopy(Deadly):
    """A step that kills its process when this holds the only copy of what all tasks need.

    A cluster takes surplus copies away by itself, every two seconds (its active memory manager).
    The marker says so if it came to this. Nothing is raised: what could not be pickled here would
    let joblib wait for ever.
    """

    def prepare(self):
        with contextlib.suppress(Exception):
            _wait_until_all_is_here(30)
            Path(self.marker).write_text("only copy")


def _wait_until_all_is_here(seconds):
    from distributed import get_client

    client = get_client()
    [here] = [address for address, pid in client.run(os.getpid).items() if pid == os.getpid()]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        client.amm.run_once()
        places = client.who_has().items()
        needed = [held for key, held in places if not key.startswith("batch_of")]
        if needed and all(list(held) == [here] for held in needed):
            return
        time.sleep(0.05)
    raise TimeoutError(f"still elsewhere: {places}")
