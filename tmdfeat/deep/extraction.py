"""Images -> table of features: what is cached is looked up, the rest goes through in batches.

Reading, looking up and rendering happen in threads while the network computes.
"""

import os
from collections.abc import Generator, Iterator
from contextlib import closing
from functools import partial

import numpy as np
import torch
from tqdm import tqdm

from tmdfeat.deep.ahead import ahead
from tmdfeat.deep.heap import kept_memory
from tmdfeat.deep.networks import Network, load_engine
from tmdfeat.deep.plan import Plan
from tmdfeat.deep.preparing import Prepared, prepare
from tmdfeat.deep.views import views_of
from tmdfeat.gate import Images

THREADS_FOR_GPU = 8  # a GPU is faster than one thread can read


def extract(images: Images, plan: Plan, network: Network, *, quiet: bool = False) -> np.ndarray:
    """Compute the features of images; each distinct one passes the network at most once.

    Memory grows with the number of images by the output and some 100 bytes each.

    Parameters
    ----------
    images : Images
    plan : Plan
    network : Network
    quiet : bool, default False
        Show no progress.

    Returns
    -------
    float32 array of shape (n, sum(plan.sizes))
    """
    out = np.empty((len(images), sum(plan.sizes)), dtype=np.float32)
    source: dict[bytes, int] = {}
    repeats: list[tuple[int, bytes]] = []
    silent = True if quiet or len(images) <= plan.batch_size else None  # None: if no terminal
    progress = tqdm(desc="images", total=len(images), unit="image", disable=silent)
    with kept_memory(), progress as bar:
        for place, identity, vector in features_of(images, plan, network):
            if vector is None:
                repeats.append((place, identity))
            else:
                out[place] = vector
                source[identity] = place
            bar.update()
    for place, identity in repeats:
        out[place] = out[source[identity]]
    return out


def features_of(
    images: Images, plan: Plan, network: Network, known: frozenset[bytes] = frozenset()
) -> Iterator[tuple[int, bytes, np.ndarray | None]]:
    """Yield the features of images, not always in their order.

    Parameters
    ----------
    images : Images
    plan : Plan
    network : Network
    known : frozenset of bytes, optional
        Identities of images whose features the caller has.

    Yields
    ------
    place, identity, vector or None
        None if an image is known, or is equal to one that was or will be yielded.
    """
    batch = Batch(plan, network)
    seen = set(known)
    with closing(_prepared(images, plan, known)) as prepared:
        for place, item in enumerate(prepared):
            if item.identity in seen:
                yield place, item.identity, None
                continue
            seen.add(item.identity)
            if item.vector is not None:
                yield place, item.identity, item.vector
            else:
                yield from batch.add(place, item)
    yield from batch.flush()


def _prepared(
    images: Images, plan: Plan, known: frozenset[bytes]
) -> Generator[Prepared, None, None]:
    on_cpu = plan.device == "cpu"
    threads = 1 if on_cpu else min(THREADS_FOR_GPU, os.cpu_count() or 1)
    work = partial(prepare, images, plan=plan, known=known)
    return ahead(work, len(images), threads=threads, depth=plan.batch_size)


class Batch:
    """Inputs that wait until there are enough for a pass, and vectors that wait for their tiles."""

    def __init__(self, plan: Plan, network: Network):
        self.plan = plan
        self.network = network
        self.waiting: list[tuple[int, torch.Tensor]] = []
        self.parts: dict[int, list[np.ndarray]] = {}
        self.items: dict[int, tuple[bytes, int]] = {}

    def add(self, place: int, item: Prepared) -> Iterator[tuple[int, bytes, np.ndarray]]:
        """Take in the inputs of one image; yield the images that are complete."""
        self.items[place] = (item.identity, item.n_inputs)
        self.parts[place] = []
        for grey in item.inputs:
            self.waiting.append((place, grey))
            if len(self.waiting) == self.plan.batch_size:
                yield from self.flush()

    def flush(self) -> Iterator[tuple[int, bytes, np.ndarray]]:
        """Send what waits through the network; yield the images that are complete."""
        if not self.waiting:
            return
        places = [place for place, _ in self.waiting]
        vectors = self._pass(torch.stack([grey for _, grey in self.waiting]))
        self.waiting.clear()
        for place, vector in zip(places, vectors, strict=True):
            parts = self.parts[place]
            parts.append(vector)
            identity, n = self.items[place]
            if len(parts) == n:
                tiles = self.plan.tiles
                joined = vector if tiles is None else tiles.join(np.array(parts))
                self.plan.keep(identity, joined)
                del self.parts[place], self.items[place]
                yield place, identity, joined

    def _pass(self, greys: torch.Tensor) -> np.ndarray:
        plan = self.plan
        engine = load_engine(
            self.network,
            plan.backbone,
            plan.layers,
            plan.pooling,
            plan.device,
            plan.precision,
            plan.engine,
        )
        views = [engine(view) for view in views_of(greys, plan.views)]
        return torch.stack(views).mean(dim=0).numpy()
