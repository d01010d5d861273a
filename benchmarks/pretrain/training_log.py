"""What a training writes down: which one it is, and its losses and speed."""

import csv
import json
import time
from dataclasses import asdict
from pathlib import Path

import torch
from recipe import Recipe
from torch import Tensor

LOGGED = 50  # steps between lines of the log


def same_training(output: Path, recipe: Recipe, processes: int) -> None:
    """Write which training a folder is for, or check that it is the one that was begun there.

    Raises
    ------
    ValueError
        If another one was begun: its checkpoint would pass for this one's.
    """
    path = output / "recipe.json"
    wanted = json.loads(json.dumps({**asdict(recipe), "processes": processes}))
    if not path.exists():
        path.write_text(json.dumps(wanted, indent=1), encoding="utf-8")
        return
    begun = json.loads(path.read_text(encoding="utf-8"))
    differ = [name for name in wanted if wanted[name] != begun.get(name)]
    if differ:
        raise ValueError(
            f"{output} holds another training: {', '.join(differ)} differ. "
            "Ask for the same one, or give another folder."
        )


class Log:
    """Losses and speed as lines of a CSV file, from the first process only.

    Lines after the step that is gone on from are dropped; the clocks go on, too.
    """

    def __init__(self, path: Path, recipe: Recipe, begun: int, rank: int):
        self.path, self.recipe, self.rank = path, recipe, rank
        self.losses: list[Tensor] = []
        self.begun = begun

    def __enter__(self):
        if self.rank == 0:
            header = ["step", "seconds", "cpu_seconds", "rate", *self.recipe.signals]
            kept = self._kept(len(header))
            self.file = self.path.open("w", newline="", encoding="utf-8")
            self.lines = csv.writer(self.file)
            self.lines.writerows([header, *kept])
            clock, cpu = map(float, kept[-1][1:3]) if kept else (0.0, 0.0)
            self.clock, self.cpu = time.monotonic() - clock, time.process_time() - cpu
        return self

    def __exit__(self, *raised):
        if self.rank == 0:
            self.file.close()

    def add(self, step: int, losses: Tensor) -> None:
        if self.rank:
            return
        self.losses.append(losses)
        if (step + 1) % LOGGED == 0 or step + 1 == self.recipe.steps:
            mean = torch.stack(self.losses).mean(0).tolist()
            spent = time.monotonic() - self.clock, time.process_time() - self.cpu
            line = [*spent, self.recipe.rate_at(step), *mean]
            self.lines.writerow([step + 1, *(f"{number:.6g}" for number in line)])
            self.file.flush()
            self.losses.clear()

    def _kept(self, columns: int) -> list[list[str]]:
        if self.begun == 0 or not self.path.exists():
            return []
        with self.path.open(newline="", encoding="utf-8") as file:
            lines = list(csv.reader(file))[1:]
        return [line for line in lines if len(line) == columns and int(line[0]) <= self.begun]
