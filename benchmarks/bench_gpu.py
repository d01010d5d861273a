"""ResNet50 on a GPU: maps in the host's memory to features there, against what the GPU can do.

``python benchmarks/bench_gpu.py`` takes some minutes. Without a CUDA GPU it says so and writes
nothing. All times are on the clock, in alternating rounds.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import naive
import record
import torch
from deviation import deviation
from different_maps import different_maps
from rounds import interleave, spread
from ways import features

from tmdfeat.deep.folding import fold_batch_norms

GOALS = {"share_of_forward": 0.5, "times_faster_than_loop": 20}


@dataclass(frozen=True)
class Size:
    """How much to measure; `loop` maps of them with the loop, which is slow."""

    network: str = "resnet50"
    maps: int = 2048
    loop: int = 64
    side: int = 512
    batch: int = 256
    rounds: int = 5


QUICK = Size("resnet18", 6, 2, 64, 3, 1)


def forward_only(size: Size, device: str) -> Callable[[], None]:
    """The same number of images in bfloat16, already on the device and normalised.

    Batch norms are folded into the convolutions, so that the limit is as high as can be.
    """
    model = naive.headless(size.network)
    fold_batch_norms(model, keep=())
    model = model.to(device, torch.bfloat16).to(memory_format=torch.channels_last)
    batch = torch.randn(size.batch, 3, 224, 224).to(device, torch.bfloat16)
    batch = batch.to(memory_format=torch.channels_last)

    def run() -> None:
        with torch.inference_mode():
            for _ in range(-(-size.maps // size.batch)):
                model(batch)
        if device != "cpu":
            torch.cuda.synchronize(device)

    return run


def measure(size: Size, device: str) -> dict:
    """Images per second of three ways, and how they compare.

    Parameters
    ----------
    size : Size
    device : str
        "cuda", or "cpu" to try the benchmark out.
    """
    maps = different_maps(size.maps, size.side)
    cnn = features(size.network, "torch bfloat16", device=device, batch_size=size.batch)
    exact = features(size.network, "torch float32", device=device, batch_size=size.batch)
    model = naive.headless(size.network).to(device)
    contenders = {
        "forward only, bfloat16": forward_only(size, device),
        "maps to features, bfloat16": lambda: cnn.fit_transform(maps),
        "maps to features, float32": lambda: exact.fit_transform(maps),
        "naive loop": lambda: naive.naive_loop(model, maps[: size.loop], device=device),
    }
    for function in contenders.values():
        function()
    images = dict.fromkeys(contenders, size.maps) | {
        "naive loop": size.loop,
        "forward only, bfloat16": -(-size.maps // size.batch) * size.batch,
    }
    rates = {
        name: [images[name] / seconds.clock for seconds in times]
        for name, times in interleave(contenders, size.rounds).items()
    }
    forward, ours, _, loop = rates.values()
    some = maps[: size.batch]
    return {
        "device": torch.cuda.get_device_name(device) if device != "cpu" else "cpu",
        "cuda": torch.version.cuda,
        "size": asdict(size),
        "images_per_second": {name: spread(values, 1) for name, values in rates.items()},
        "share_of_forward": spread(a / b for a, b in zip(ours, forward, strict=True)),
        "times_faster_than_loop": spread(a / b for a, b in zip(ours, loop, strict=True)),
        "goals": GOALS,
        "deviation": deviation(cnn.transform(some), exact.transform(some)),
    }


def main(arguments=None) -> Path | None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smallest size: does it run?")
    parser.add_argument("--folder", type=Path, default=record.RESULTS)
    options = parser.parse_args(arguments)
    if not torch.cuda.is_available():
        print("torch sees no CUDA GPU here: nothing was measured or written.", file=sys.stderr)
        return None
    path = record.write("gpu", measure(QUICK if options.quick else Size(), "cuda"), options.folder)
    print(path.read_text(encoding="utf-8"))
    return path


if __name__ == "__main__":
    main()
