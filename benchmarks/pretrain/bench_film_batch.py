"""How many scans per second the batched simulator makes, beside the numpy one in the same rounds.

``python benchmarks/pretrain/bench_film_batch.py`` takes a minute on a GPU and some on a CPU. Films
and instruments are drawn from the presets with all artefacts; only densities are set.
"""

import argparse
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

BENCHMARKS = Path(__file__).parents[1]
sys.path.append(str(BENCHMARKS))  # its own folder comes first, of itself

import record  # noqa: E402
import torch  # noqa: E402
from film_batch import simulate_batch  # noqa: E402
from film_draw import Scan, draw_scan  # noqa: E402
from rounds import interleave, spread  # noqa: E402

from tmdfeat.datasets import Field, simulate_surface  # noqa: E402

GOALS = {"maps_per_second_on_a_gpu": 100, "peak_memory_gib": 8}


@dataclass(frozen=True)
class Size:
    """Maps of a batch, those of the numpy simulator beside it, pixels, nuclei per µm²."""

    maps: int = 64
    alone: int = 16
    side: int = 256
    densities: tuple[int, ...] = (20, 80, 200, 600)
    rounds: int = 5


QUICK = Size(3, 1, 64, (50, 100), 1)


def scans_of(density: int, number: int) -> list[Scan]:
    """Films of the presets, 1 µm wide, with that many nuclei per µm²."""
    drawn = [draw_scan([density, i]) for i in range(number)]
    return [
        scan._replace(recipe=recipe._replace(film=replace(recipe.film, density=density)))
        for scan in drawn
        for recipe in [scan.recipe]
    ]


def one_by_one(scans: list[Scan], side: int) -> None:
    """The numpy simulator."""
    for i, ((substrate, film, relief, objects), scanner, scan_nm) in enumerate(scans):
        simulate_surface(
            film,
            substrate,
            relief=relief,
            objects=objects,
            scanner=scanner,
            field=Field(side, scan_nm),
            random_state=i,
        )


def at_once(scans: list[Scan], side: int, device: str) -> None:
    """The batched simulator, from the draws on the host to heights on the device."""
    simulate_batch(scans, range(len(scans)), size=side, device=device)
    if device != "cpu":
        torch.cuda.synchronize(device)


def measure(size: Size, device: str) -> dict:
    """Maps per second of both, and how they compare.

    Parameters
    ----------
    size : Size
    device : str
        "cuda" or "cpu". On a CPU, processor time is compared, which others cannot slow down;
        on a GPU the clock.
    """
    contenders: dict[tuple[str, int], Callable[[], None]] = {}
    for density in size.densities:
        scans = scans_of(density, size.maps)
        contenders["batch", density] = lambda scans=scans: at_once(scans, size.side, device)
        some = scans[: size.alone]
        contenders["numpy", density] = lambda some=some: one_by_one(some, size.side)
    for function in contenders.values():
        function()
    times = interleave(contenders, size.rounds)
    of = "clock" if device != "cpu" else "processor"
    rates = {
        way: {
            density: [number / getattr(seconds, of) for seconds in times[way, density]]
            for density in size.densities
        }
        for way, number in (("batch", size.maps), ("numpy", size.alone))
    }
    return {
        "device": torch.cuda.get_device_name(device) if device != "cpu" else "cpu",
        "cuda": torch.version.cuda if device != "cpu" else None,
        "torch_threads": torch.get_num_threads(),
        "timed_by": of,
        "size": asdict(size),
        "maps_per_second": {
            way: {density: spread(values, 1) for density, values in found.items()}
            for way, found in rates.items()
        },
        "batch_times_as_fast_as_numpy": {
            density: spread(a / b for a, b in zip(found, rates["numpy"][density], strict=True))
            for density, found in rates["batch"].items()
        },
        "peak_memory_gib": _peak(device),
        "goals": GOALS,
    }


def _peak(device: str) -> float:
    """Of the device, or of the whole process on a CPU."""
    if device != "cpu":
        return round(torch.cuda.max_memory_allocated(device) / 2**30, 2)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2)


def main(arguments=None) -> Path:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smallest size: does it run?")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--folder", type=Path, default=record.RESULTS)
    options = parser.parse_args(arguments)
    found = measure(QUICK if options.quick else Size(), options.device)
    path = record.write("film_batch", found, options.folder)
    print(path.read_text(encoding="utf-8"))
    return path


if __name__ == "__main__":
    main()
