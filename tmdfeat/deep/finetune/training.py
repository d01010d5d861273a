"""The training loop: epochs over images that are in memory, resumable after each."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from tmdfeat.deep.finetune.augment import augment
from tmdfeat.deep.finetune.batches import epoch_batches
from tmdfeat.deep.finetune.learning_rates import lr_factor, set_mode
from tmdfeat.deep.finetune.losses import Loss
from tmdfeat.deep.finetune.running import arithmetic, sent_through
from tmdfeat.deep.finetune.selection import best_epoch
from tmdfeat.deep.finetune.tunable import Tunable
from tmdfeat.deep.heap import kept_memory


@dataclass(frozen=True)
class Recipe:
    """Everything that decides how a network learns from given images."""

    max_epochs: int
    batch_size: int
    sampler: str
    augment: str | None
    batch_norm: str
    schedule: str
    select: str
    patience: int | None
    device: str
    precision: str
    seed: int


@dataclass(frozen=True, eq=False)
class Examples:
    """Images, their targets and weights; and what the scores are computed from.

    `grey` is (n, 1, S, S) on any device; `y` numbers of classes, or values; `score` takes
    truth and answers.
    """

    grey: Tensor
    y: np.ndarray
    targets: Tensor
    weights: Tensor
    score: Callable[[np.ndarray, np.ndarray], float]

    def part(self, which: slice) -> "Examples":
        """Return some of them, without a copy."""
        return Examples(
            self.grey[which],
            self.y[which],
            self.targets[which],
            self.weights[which],
            self.score,
        )


@dataclass
class Progress:
    """Where a training is: all that must be kept to go on."""

    history: list[dict] = field(default_factory=list)
    best: dict[str, Tensor] = field(default_factory=dict)  # weights of the best epoch so far

    @property
    def epoch(self) -> int:
        """The epoch that comes next."""
        return len(self.history)

    def is_over(self, recipe: Recipe) -> bool:
        """Say whether all epochs were run, or nothing got better for too long."""
        if self.epoch >= recipe.max_epochs:
            return True
        if recipe.patience is None or not self.history:
            return False
        return self.epoch - 1 - best_epoch(self.history, recipe.select) >= recipe.patience


def train(
    net: Tunable,
    optimizer: torch.optim.Optimizer,
    examples: Examples,
    held_out: Examples | None,
    loss: Loss,
    recipe: Recipe,
    progress: Progress,
    keep: Callable[[Progress], None],
) -> Progress:
    """Run the epochs that are left.

    Parameters
    ----------
    net, optimizer : on the device
        Changed in place.
    examples, held_out : Examples
        To learn from, and to choose the epoch by.
    loss : Loss
    recipe : Recipe
    progress : Progress
        A new one, or one that was kept. Changed in place.
    keep : callable
        Called after each epoch.

    Returns
    -------
    Progress

    Raises
    ------
    FloatingPointError
        If the loss is no longer finite.
    MemoryError
        If a batch does not fit into memory.
    """
    rates = [group["lr"] for group in optimizer.param_groups]
    bar = tqdm(
        desc="epochs", total=recipe.max_epochs, initial=progress.epoch, unit="epoch", disable=None
    )
    with kept_memory(), bar:
        while not progress.is_over(recipe):
            start, epoch = time.perf_counter(), progress.epoch
            factor = lr_factor(recipe.schedule, epoch, recipe.max_epochs)
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * factor
            row = {"epoch": epoch + 1, **run_epoch(net, optimizer, examples, loss, recipe, epoch)}
            row |= _judge(net, held_out, loss, recipe)
            row |= {"lr": rates[0] * factor, "seconds": time.perf_counter() - start}
            progress.history.append(row)
            if best_epoch(progress.history, recipe.select) == epoch:
                progress.best = {k: v.detach().cpu().clone() for k, v in net.state_dict().items()}
            keep(progress)
            bar.set_postfix(loss=f"{row['loss']:.3f}", score=f"{_shown(row):.3f}")
            bar.update()
    return progress


def run_epoch(
    net: Tunable,
    optimizer: torch.optim.Optimizer,
    examples: Examples,
    loss: Loss,
    recipe: Recipe,
    epoch: int,
) -> dict[str, float]:
    """Learn from each batch of one epoch; everything random comes from the seed and its number.

    Returns
    -------
    dict with "loss", the mean over the images seen, and "score", of the answers given on the way
    """
    generator = torch.Generator().manual_seed(_seed(recipe.seed, epoch))
    batches = epoch_batches(examples.y, recipe.sampler, recipe.batch_size, generator)
    set_mode(net, recipe.batch_norm, epoch)
    losses: list[Tensor] = []
    outputs: list[Tensor] = []
    with arithmetic(recipe.device, recipe.precision, _seed(recipe.seed, epoch) + 1) as autocast:
        for places in batches:
            grey, targets, weights = _batch(examples, places, recipe.device)
            grey = augment(grey, recipe.augment, generator)
            optimizer.zero_grad(set_to_none=True)
            with autocast():
                out = net(grey)
            step = (loss.each(out.float(), targets) * weights).mean()
            step.backward()
            optimizer.step()
            losses.append(step.detach())  # looked at after the epoch: asking would stop a GPU
            outputs.append(out.detach())
        means = torch.stack(losses).double().cpu().numpy()
        answers = loss.answers(torch.cat(outputs).float().cpu().numpy())
    _check_finite(means, net, epoch, optimizer)
    seen = np.concatenate([places.numpy() for places in batches])
    sizes = [len(places) for places in batches]
    mean = float(np.average(means, weights=sizes))
    return {"loss": mean, "score": examples.score(examples.y[seen], answers)}


def _judge(net: Tunable, held_out: Examples | None, loss: Loss, recipe: Recipe) -> dict:
    if held_out is None:
        return {"validation_loss": math.nan, "validation_score": math.nan}
    outputs = sent_through(net, held_out.grey, recipe)
    each = loss.each(torch.as_tensor(outputs), held_out.targets.cpu())
    return {
        "validation_loss": float(each.double().mean()),
        "validation_score": held_out.score(held_out.y, loss.answers(outputs)),
    }


def _batch(examples: Examples, places: Tensor, device: str) -> tuple[Tensor, Tensor, Tensor]:
    home = examples.grey.device
    grey = examples.grey[places.to(home)].to(device, non_blocking=True)
    there = places.to(examples.targets.device)
    return grey, examples.targets[there], examples.weights[there]


def _seed(seed: int, epoch: int) -> int:
    return int(np.random.SeedSequence([seed, epoch]).generate_state(1)[0])


def _shown(row: dict) -> float:
    return row["score"] if math.isnan(row["validation_score"]) else row["validation_score"]


def _check_finite(losses: np.ndarray, net: Tunable, epoch: int, optimizer) -> None:
    bad = np.flatnonzero(~np.isfinite(losses))
    numbers = (value for value in net.state_dict().values() if value.is_floating_point())
    if bad.size:
        what, batch = f"the loss became {losses[bad[0]]}", bad[0] + 1
    elif torch.stack([value.isfinite().all() for value in numbers]).all():
        return
    else:  # no loss was computed any more that could tell
        what, batch = "weights became NaN or infinite", len(losses)
    rate = max(group["lr"] for group in optimizer.param_groups)
    raise FloatingPointError(
        f"{what} in batch {batch} of {len(losses)} of epoch {epoch + 1}, with a learning rate of "
        f"{rate:g}. Lower lr, e.g. to {rate / 10:g}; or use precision='float32' if it was another."
    )
