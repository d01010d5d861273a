"""CNNFeatures against the loop that people write: one map, one PIL picture, one forward pass.

``python benchmarks/bench_cnn_features.py --weights FOLDER`` takes about ten minutes, on one
thread; the folder is one with the weights of SqueezeNet 1.0 and MobileNetV2. Rounds of all
ways alternate, and time is the processor's, so that other work on the machine counts little;
two processes against one are timed on the clock, so that part wants a quiet machine.
"""

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

import cnn_speed
import naive
import numpy as np
import peak_memory
import phases
import record
import tifffile
import torch
import two_processes
from deviation import deviation
from different_maps import different_maps
from PIL import Image
from rounds import interleave, processor_ms
from ways import WAYS, features

WEIGHTS = Path(__file__).parents[2] / "shared" / "weights"


@dataclass(frozen=True)
class Size:
    """How much to measure."""

    maps: int = 32
    maps_for_processes: int = 128
    side: int = 512
    rounds: int = 5
    networks: tuple[str, ...] = ("resnet18", "resnet50")
    pretrained: tuple[str, ...] = ("squeezenet1_0", "mobilenet_v2")
    columns: int = 1024
    files: tuple[int, int] = (256, 4096)


QUICK = Size(2, 4, 64, 1, ("resnet18",), (), 64, (2, 4))


def write_files(maps: list[np.ndarray], folder: Path) -> tuple[list[Path], list[Path]]:
    """Write maps as PNG of 16 bits and as TIFF of float32, as microscopes' software does."""
    png = [folder / f"{i:03d}.png" for i in range(len(maps))]
    tiff = [path.with_suffix(".tif") for path in png]
    for z, picture, table in zip(maps, png, tiff, strict=True):
        grey = (65535 * (z - z.min()) / (z.max() - z.min())).astype(np.uint16)
        Image.fromarray(grey).save(picture)
        tifffile.imwrite(table, z.astype(np.float32))
    return png, tiff


def steps(sources: dict[str, list], size: Size) -> dict:
    """Milliseconds of the processor per map for all that comes before the network."""
    contenders = phases.before_the_network(*sources.values())
    times = interleave(contenders, size.rounds)
    return {name: processor_ms(seconds, size.maps) for name, seconds in times.items()}


def deviations(maps: list, weights: Path, size: Size) -> dict:
    """How far each way lies from torch in float32: pretrained or seeded."""
    files: dict[str, Path | None] = {name: weights / f"{name}.pth" for name in size.pretrained}
    found = {}
    for network, path in {**files, **dict.fromkeys(size.networks)}.items():
        rows = {way: features(network, way, path).fit_transform(maps) for way in WAYS}
        model = naive.headless(network, path)
        rows[cnn_speed.LIKE_OURS] = naive.naive_loop(model, maps, naive.by_percentiles)
        found[network] = {
            "weights": "seeded, untrained" if path is None else "pretrained",
            **{way: deviation(X, rows["torch float32"]) for way, X in rows.items()},
        }
    return found


def measure(size: Size, weights: Path, folder: Path) -> dict:
    many = different_maps(size.maps_for_processes, size.side)
    maps = many[: size.maps]
    png, tiff = write_files(many, folder)
    sources = {"memory": maps, "PNG": png[: size.maps], "TIFF": tiff[: size.maps]}
    return {
        "what": f"{size.maps} maps {size.side}x{size.side} to features of networks at 224x224",
        "torch_threads": torch.get_num_threads(),
        "rounds": size.rounds,
        "networks": {
            network: cnn_speed.measure(network, sources, size.columns, size.rounds)
            for network in size.networks
        },
        "steps_ms": steps(sources, size),
        "deviation": deviations(maps, weights, size),
        "two_processes_on_the_clock": two_processes.compare(
            size.networks[0], {"memory": many, "TIFF": tiff}, size.rounds
        ),
        "peak_memory": peak_memory.compare(folder / "many", size.files, size.side),
    }


def main(arguments=None) -> Path:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smallest size: does it run?")
    parser.add_argument("--folder", type=Path, default=record.RESULTS)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = measure(QUICK if options.quick else Size(), options.weights, Path(folder))
    path = record.write("cnn_features", found, options.folder)
    print(path.read_text(encoding="utf-8"))
    return path


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
