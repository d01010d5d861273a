"""CNNFeatures against the loop that people write: one map, one PIL picture, one forward pass.

``python benchmarks/bench_cnn_features.py`` takes about a minute, on one thread. Rounds of the
two alternate, and time is the processor's, so that other work on the machine counts little.
"""

import argparse
import time
from pathlib import Path
from statistics import median

import numpy as np
import record
import torch
import torchvision
from PIL import Image
from torchvision import transforms

from tmdfeat import CNNFeatures
from tmdfeat.cache import memory_cache

TO_INPUT = transforms.Compose(
    [
        transforms.Resize((224, 224)),
        transforms.ToTensor(),
        transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ]
)


def naive_loop(model, maps) -> np.ndarray:
    """Maps to 8-bit pictures to features, one at a time."""
    rows = []
    for z in maps:
        low, high = np.percentile(z, [0.5, 99.5])
        grey = np.clip(255 * (z - low) / (high - low), 0, 255).astype(np.uint8)
        picture = Image.fromarray(grey).convert("RGB")
        with torch.no_grad():
            rows.append(model(TO_INPUT(picture)[None])[0].numpy())
    return np.array(rows)


def headless_resnet18(seed: int):
    """The network of ``CNNFeatures("resnet18", weights=None, random_state=seed)``."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = torchvision.models.resnet18(weights=None).eval()
    model.fc = torch.nn.Identity()
    return model


def timed(function) -> tuple[float, float]:
    """Seconds of the processor, and seconds on the clock."""
    processor, clock = time.process_time(), time.perf_counter()
    function()
    return time.process_time() - processor, time.perf_counter() - clock


def measure(n_maps: int, side: int, rounds: int) -> dict:
    maps = list(np.random.default_rng(0).normal(size=(n_maps, side, side)))
    model = headless_resnet18(seed=0)
    options = {"weights": None, "device": "cpu", "random_state": 0}
    cnn = CNNFeatures("resnet18", cache=None, **options).fit(maps)
    cached = CNNFeatures("resnet18", cache="memory", **options).fit(maps)
    naive, ours = naive_loop(model, maps), cnn.transform(maps)  # warms up, too
    cached.transform(maps)
    contenders = {
        "naive_loop": lambda: naive_loop(model, maps),
        "cnn_features": lambda: cnn.transform(maps),
        "cnn_features_cached": lambda: cached.transform(maps),
    }
    times = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, function in contenders.items():
            times[name].append(timed(function))
    memory_cache.clear()
    ratios = [
        loop[0] / own[0]
        for loop, own in zip(times["naive_loop"], times["cnn_features"], strict=True)
    ]
    return {
        "what": f"resnet18 (seeded, 224x224, float32), {n_maps} maps {side}x{side}, CPU",
        "torch_threads": torch.get_num_threads(),
        "rounds": rounds,
        "images_per_second": {name: rates(pairs, n_maps) for name, pairs in times.items()},
        "ratio_cnn_features_to_naive_loop": {
            "median": round(median(ratios), 2),
            "spread": [round(min(ratios), 2), round(max(ratios), 2)],
        },
        "mean_deviation_of_the_8_bit_loop": round(
            float(np.abs(naive - ours).mean() / np.abs(ours).mean()), 4
        ),
    }


def rates(pairs, n_maps: int) -> dict:
    processor = [n_maps / seconds for seconds, _ in pairs]
    clock = [n_maps / seconds for _, seconds in pairs]
    return {
        "processor_time": round(median(processor), 1),
        "spread": [round(min(processor), 1), round(max(processor), 1)],
        "clock_time": round(median(clock), 1),
    }


def main(arguments=None) -> Path:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smallest size: does it run?")
    parser.add_argument("--folder", type=Path, default=record.RESULTS)
    options = parser.parse_args(arguments)
    size = (2, 32, 1) if options.quick else (32, 256, 9)
    path = record.write("bench_cnn_features", measure(*size), options.folder)
    print(path.read_text(encoding="utf-8"))
    return path


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
