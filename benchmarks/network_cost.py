"""What an image costs in each network: processor time of one thread."""

import torch
from different_maps import different_maps
from rounds import interleave, processor_ms, times_faster

from tmdfeat import CNNFeatures


def cost(ways: dict[str, CNNFeatures], reference: str, maps: int, rounds: int) -> dict:
    """Time maps of 256x256 pixels from memory to features, ways taking turns.

    Returns
    -------
    dict
        Of each way ``ms`` per image and ``times_the_reference``, within each round.
    """
    scans = list(different_maps(maps, 256))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    alone = {
        name: way.set_params(cache=None, n_jobs=None, device="cpu") for name, way in ways.items()
    }
    try:
        for way in alone.values():
            way.fit_transform(scans)
        times = interleave(
            {name: lambda way=way: way.transform(scans) for name, way in alone.items()}, rounds
        )
    finally:
        torch.set_num_threads(threads)
    return {
        name: {
            "ms": processor_ms(seconds, maps),
            "times_the_reference": times_faster(seconds, times[reference]),
        }
        for name, seconds in times.items()
    }
