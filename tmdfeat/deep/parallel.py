"""The same extraction spread over processes by joblib: on this machine, or on a dask cluster.

Each worker gets the weights once, reads the images of its share itself, and runs the network on
one thread: on CPUs, processes with one thread each are faster than one process with many.
"""

import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
import safetensors.torch
import torch
from joblib import delayed
from tqdm import tqdm

from tmdfeat.cache import MemoryCache
from tmdfeat.deep.backbones import Backbone, build_seeded
from tmdfeat.deep.extraction import extract, features_of
from tmdfeat.deep.heap import kept_memory
from tmdfeat.deep.networks import Network
from tmdfeat.deep.plan import Plan
from tmdfeat.deep.statedict import without_head
from tmdfeat.gate import Images
from tmdfeat.workers import for_all, results

SHARES = 4  # pieces of work for each worker: a slow or lost one costs little
WORTHWHILE = 16  # images; smaller batches cost more for each


@dataclass(frozen=True)
class Parcel:
    """A network on its way to a worker: its architecture and its numbers, as plain bytes."""

    backbone: Backbone
    digest: str
    seed: int
    numbers: np.ndarray = field(compare=False, repr=False)


@dataclass(frozen=True)
class Share:
    """What a worker made of its images."""

    start: int
    identities: list[bytes]
    places: list[int]
    features: np.ndarray
    warned: list[Warning]


def extract_in_processes(images: Images, plan: Plan, network: Network, n_jobs: int) -> np.ndarray:
    """Compute the features of images in several processes.

    Equal images in the shares of two workers may be computed by both.

    Parameters
    ----------
    images : Images
    plan : Plan
    network : Network
    n_jobs : int
        Number of workers, above 1.

    Returns
    -------
    float32 array of shape (n, sum(plan.sizes))
    """
    out = np.empty((len(images), sum(plan.sizes)), dtype=np.float32)
    warned: set[tuple[type[Warning], str]] = set()
    parcel = _pack(network, plan.backbone)
    known = frozenset(plan.cache.known(plan.recipes) if _here(plan) else ())
    weights, kept = for_all(parcel), for_all(known)
    length = _length_of_shares(len(images), plan.batch_size, n_jobs)
    # A store in memory belongs to this process: workers send what they computed back.
    theirs = plan if not _here(plan) else replace(plan, cache=MemoryCache(limit=0))
    jobs = [
        delayed(_work)(images[start : start + length], start, theirs, weights, kept)
        for start in range(0, len(images), length)
    ]
    with tqdm(desc="images", total=len(images), unit="image", disable=None) as bar:
        for share in results(jobs, n_jobs, ordered=False):
            _take_in(share, out, images, plan, network)
            warned |= {(type(warning), str(warning)) for warning in share.warned}
            bar.update(len(share.identities))
    for kind, text in sorted(warned, key=str):  # where the user sees it, and once
        warnings.warn(text, kind, stacklevel=3)
    return out


def _length_of_shares(n_images: int, batch_size: int, n_jobs: int) -> int:
    several, one = -(-n_images // (SHARES * n_jobs)), -(-n_images // n_jobs)
    return min(max(several, min(WORTHWHILE, one)), batch_size)


def _here(plan: Plan) -> bool:
    return isinstance(plan.cache, MemoryCache)


def _take_in(share: Share, out: np.ndarray, images: Images, plan: Plan, network: Network) -> None:
    rows = dict(zip(share.places, share.features, strict=True))
    computed = {share.identities[place]: row for place, row in rows.items()}
    for place, identity in enumerate(share.identities):
        vector = computed.get(identity)
        if vector is None:
            vector = plan.recall(identity)
        if vector is None:  # let go of since
            lost = images[share.start + place : share.start + place + 1]
            vector = extract(lost, plan, network, quiet=True)[0]
        out[share.start + place] = vector
        if place in rows and _here(plan):
            plan.keep(identity, vector)


def _work(images: Images, start: int, plan: Plan, parcel: Parcel, known: frozenset) -> Share:
    """Compute the share of one worker, in its process."""
    identities: list[bytes] = [b""] * len(images)
    places, features = [], []
    with _one_thread(), kept_memory(), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        network = unpacked(parcel)
        for place, identity, vector in features_of(images, plan, network, known):
            identities[place] = identity
            if vector is not None:
                places.append(place)
                features.append(vector)
    table = np.array(features, dtype=np.float32).reshape(len(features), sum(plan.sizes))
    warned = [each.message for each in caught if isinstance(each.message, Warning)]
    return Share(start, identities, places, table, warned)


@contextmanager
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@lru_cache(maxsize=4)
def _pack(network: Network, backbone: Backbone) -> Parcel:
    # Cloned one by one, and in one order of axes: safetensors refuses tensors that share memory
    # and those that are laid out otherwise.
    state = {
        name: value.clone(memory_format=torch.contiguous_format)
        for name, value in network.module.state_dict().items()
    }
    numbers = np.frombuffer(safetensors.torch.save(state), dtype=np.uint8)
    return Parcel(backbone, network.digest, network.seed, numbers)


@lru_cache(maxsize=4)
def unpacked(parcel: Parcel) -> Network:
    """Build the network of a parcel, once in each process."""
    module = build_seeded(parcel.backbone, parcel.seed)
    state = safetensors.torch.load(parcel.numbers.tobytes())
    if parcel.backbone.from_torchvision:
        without_head(module, state, "the file of weights")
    module.load_state_dict(state)
    return Network(module, parcel.digest, parcel.seed)
