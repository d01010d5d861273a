"""Fine-tuning against a bare training loop on random data that lies in memory.

``python benchmarks/bench_finetune.py`` takes some minutes on a CPU; ``--device cuda`` measures a
GPU. Each round times both; images per second of whole epochs, and their ratio in that round.
"""

import argparse
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import record
import torch
import torchvision
from rounds import spread
from torch import nn

from tmdfeat.deep import FineTunedCNN, Rendering
from tmdfeat.deep.surfacenet import WIDTH, SurfaceNet

CLASSES, HIDDEN, RATE = 5, 100, 7.5e-5
GOALS = {"cpu": 0.9, "cuda": 0.7}


@dataclass(frozen=True)
class Case:
    """A network, the side of its input, and how many images an epoch has."""

    network: str
    side: int
    images: int
    precision: str = "float32"
    batch: int = 32


CASES = {
    "cpu": [
        Case("surfacenet", 96, 512),
        Case("surfacenet", 224, 128),
        Case("resnet18", 96, 256),
        Case("resnet18", 224, 96),
    ],
    "cuda": [
        Case("surfacenet", 224, 4096),
        Case("resnet18", 224, 4096),
        Case("resnet18", 224, 4096, "bfloat16"),
        Case("resnet152", 224, 1024, "bfloat16"),
    ],
}
QUICK = [Case("surfacenet", 32, 8, batch=4)]


def bare_network(case: Case) -> tuple[nn.Module, int]:
    """The network as one would write it, and the channels of its input."""
    head = [nn.Linear(WIDTH, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, CLASSES)]
    if case.network == "surfacenet":
        return nn.Sequential(SurfaceNet(), *head), 1
    module = getattr(torchvision.models, case.network)(weights=None)
    module.fc = nn.Sequential(nn.Linear(module.fc.in_features, HIDDEN), *head[1:])
    return module, 3


class BareLoop:
    """What a tutorial writes: batches of a resident tensor, Adam, nothing else."""

    def __init__(self, case: Case, device: str, memory_format: torch.memory_format):
        module, channels = bare_network(case)
        self.case, self.device = case, device
        self.model = module.to(device).to(memory_format=memory_format).train()
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=RATE)
        images = torch.rand(case.images, channels, case.side, case.side)
        self.x = images.to(device).contiguous(memory_format=memory_format)
        self.y = (torch.arange(case.images) % CLASSES).to(device)
        self.question = nn.CrossEntropyLoss()

    def rate(self) -> float:
        """Images per second of one epoch."""
        start = time.perf_counter()
        half = self.case.precision == "bfloat16"
        for at in range(0, self.case.images, self.case.batch):
            some = slice(at, at + self.case.batch)
            self.optimizer.zero_grad()
            with torch.autocast(self.device, torch.bfloat16, enabled=half):
                loss = self.question(self.model(self.x[some]), self.y[some])
            loss.backward()
            self.optimizer.step()
        if self.device == "cuda":
            torch.cuda.synchronize()
        return self.case.images / (time.perf_counter() - start)


def our_rate(case: Case, device: str, images: np.ndarray) -> float:
    """Images per second of the second epoch of a fit, with its flips and scores."""
    cnn = FineTunedCNN(
        case.network,
        weights=None,
        max_epochs=2,
        batch_size=case.batch,
        rendering=Rendering(size=case.side),
        validation_fraction=0,
        precision=case.precision,
        device=device,
        random_state=0,
    ).fit(images, np.arange(case.images) % CLASSES)
    return case.images / cnn.history_["seconds"].iloc[-1]


def measure(case: Case, device: str, rounds: int) -> dict:
    """Rates in alternating rounds, and ours over the better of the two bare loops."""
    images = np.random.default_rng(0).random((case.images, case.side, case.side))
    formats = {"usual": torch.contiguous_format, "channels last": torch.channels_last}
    loops = {name: BareLoop(case, device, kind) for name, kind in formats.items()}
    for loop in loops.values():
        loop.rate()
    rates: dict[str, list[float]] = {"fit": [], **{name: [] for name in loops}}
    for _ in range(rounds):
        rates["fit"].append(our_rate(case, device, images))
        for name, loop in loops.items():
            rates[name].append(loop.rate())
    best = np.maximum(rates["usual"], rates["channels last"])
    return {
        **asdict(case),
        "images_per_second": {name: spread(values, 1) for name, values in rates.items()},
        "share_of_the_faster_loop": spread(np.divide(rates["fit"], best).tolist()),
    }


def main(arguments=None) -> Path:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", choices=list(CASES), default="cpu")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="smallest size: does it run?")
    parser.add_argument("--folder", type=Path, default=record.RESULTS)
    given = parser.parse_args(arguments)
    cases = QUICK if given.quick else CASES[given.device]
    rows = [measure(case, given.device, given.rounds) for case in cases]
    device = "cpu" if given.device == "cpu" else torch.cuda.get_device_name()
    name = "finetune" if given.device == "cpu" else "finetune_gpu"
    found = {"device": device, "goal": GOALS[given.device], "rows": rows}
    path = record.write(name, found, given.folder)
    print(path.read_text(encoding="utf-8"))
    return path


if __name__ == "__main__":
    main()
