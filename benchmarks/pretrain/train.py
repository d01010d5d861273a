"""Train the network on the stored surfaces, in one process for each core or on a GPU."""

import os
from pathlib import Path

import numpy as np
import torch
from recipe import Recipe
from signals import SIGNALS, Labels, Questions
from store import Store, open_store
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel
from training_log import Log, same_training
from truth import TRUTH
from views import cut_outs, look

from tmdfeat.deep.surfacenet import WIDTH, SurfaceNet

KEPT = 500  # steps between checkpoints
# Views are turned and flipped, so that no direction of the surface is left in them.
ASKED = [place for place, name in enumerate(TRUTH) if not name.startswith("direction")]


def train(folder: Path, recipe: Recipe, output: Path, processes: int) -> Path:
    """Train, from the last checkpoint if there is one; each process has one thread.

    Parameters
    ----------
    folder : path
        Of the store of surfaces.
    recipe : Recipe
    output : path of a folder
        For the checkpoint, the log and the network.
    processes : int
        1 on a GPU. Results depend on it, since batch norms see the images of one process.

    Returns
    -------
    path of the state dict of the network, float32

    Raises
    ------
    ValueError
        If another training was begun in the folder.
    """
    output.mkdir(parents=True, exist_ok=True)
    same_training(output, recipe, processes)
    os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
    torch.multiprocessing.spawn(
        _worker, (folder, recipe, output, processes, _free_port()), nprocs=processes
    )
    return output / "network.pt"


def _free_port() -> str:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return str(found.getsockname()[1])


def _worker(rank: int, folder: Path, recipe: Recipe, output: Path, processes: int, port: str):
    os.environ["MASTER_PORT"] = port
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", rank=rank, world_size=processes)
    store = open_store(folder)
    batches = Batches(store, recipe, rank, processes, device)
    torch.manual_seed(recipe.seed)
    questions = build(recipe, store).to(device, memory_format=torch.channels_last)
    optimiser = make_optimiser(questions, recipe)
    begun = resume(output / "checkpoint.pt", questions, optimiser)
    model = DistributedDataParallel(questions)
    with Log(output / "log.csv", recipe, begun, rank) as log:
        for step in range(begun, recipe.steps):
            losses = take_step(model, optimiser, batches.at(step), recipe, step)
            log.add(step, losses)
            if rank == 0 and (step + 1) % KEPT == 0:
                keep(output / "checkpoint.pt", questions, optimiser, step + 1)
    if rank == 0:
        keep(output / "checkpoint.pt", questions, optimiser, recipe.steps)
        torch.save(questions.network.state_dict(), output / "network.pt")
    distributed.barrier()
    distributed.destroy_process_group()


def build(recipe: Recipe, store: Store) -> Questions:
    """Return the untrained network with its signals."""
    families = len(store.names)
    heads = {name: SIGNALS[name](WIDTH, families, len(ASKED)) for name in recipe.signals}
    return Questions(SurfaceNet(), heads)


def make_optimiser(questions: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """AdamW; biases and the numbers of batch norms do not decay."""
    numbers = list(questions.parameters())
    groups = [
        {"params": [p for p in numbers if p.ndim > 1], "weight_decay": recipe.decay},
        {"params": [p for p in numbers if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=recipe.rate)


class Batches:
    """The views of each step and what is known of them; the same whenever they are asked for."""

    def __init__(self, store: Store, recipe: Recipe, rank: int, processes: int, device: str):
        self.store, self.recipe, self.device = store, recipe, device
        self.rank, self.share = rank, recipe.batch // processes
        self.twice = "agreement" in recipe.signals
        held = [store.names.index(name) for name in recipe.held_out]
        # What is blended in may be of any family: the store does not say of which.
        left_out = np.isin(store.family, held) | (bool(held) & store.blended)
        self.seen = np.flatnonzero(~left_out)
        self.truth = standardised_truth(store.truth[:, ASKED], self.seen)

    def at(self, step: int) -> tuple[Tensor, Labels]:
        """Draw the batch of a step."""
        rng = np.random.default_rng([self.recipe.seed, step, self.rank])
        generator = torch.Generator(self.device).manual_seed(int(rng.integers(2**62)))
        which, side = self._which(step), self.recipe.side_at(step)
        halves = [which, which] if self.twice else [which]
        looks = [self._look(part, side, rng, generator) for part in halves]
        views = torch.cat([view for view, _ in looks]).contiguous(memory_format=torch.channels_last)
        return views, self._labels(np.concatenate(halves), torch.cat([look[1] for look in looks]))

    def _which(self, step: int) -> np.ndarray:
        number = self.share // (2 if self.twice else 1)
        processes = self.recipe.batch // self.share
        steps = len(self.seen) // (number * processes)  # of one round through all surfaces
        if steps == 0:
            raise ValueError(
                f"a step takes {number * processes} surfaces, but there are only "
                f"{len(self.seen)} to train on: draw more."
            )
        order = np.random.default_rng([self.recipe.seed, step // steps]).permutation(self.seen)
        begin = (step % steps * processes + self.rank) * number
        return order[begin : begin + number]

    def _look(self, which, side, rng, generator) -> tuple[Tensor, Tensor]:
        cuts = torch.from_numpy(cut_outs(self.store.heights, which, side, rng))
        return look(cuts.to(self.device), side, generator)

    def _labels(self, which: np.ndarray, rendering: Tensor) -> Labels:
        known = (
            self.store.family[which].astype(np.int64),
            self.store.parameters[which],
            self.truth[which],
        )
        return Labels(*(torch.from_numpy(part).to(self.device) for part in known), rendering)


def standardised_truth(truth: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Cut off the outermost of what is seen, then standardise it."""
    low, high = np.percentile(truth[seen], [0.5, 99.5], axis=0)
    cut = truth.clip(low, high)
    mean, spread = cut[seen].mean(0), cut[seen].std(0)
    return ((cut - mean) / (spread + 1e-6)).astype(np.float32)


def take_step(model, optimiser, batch: tuple[Tensor, Labels], recipe: Recipe, step: int) -> Tensor:
    """Learn from one batch; returns the losses, one for each signal."""
    views, labels = batch
    for group in optimiser.param_groups:
        group["lr"] = recipe.rate_at(step)
    with torch.autocast(views.device.type, torch.bfloat16):
        losses = model(views, labels)
    if not torch.isfinite(losses).all():
        raise FloatingPointError(f"losses {losses.tolist()} in step {step}.")
    optimiser.zero_grad()
    losses.sum().backward()
    nn.utils.clip_grad_norm_(model.parameters(), 5.0)
    optimiser.step()
    return losses.detach()


def keep(path: Path, questions: nn.Module, optimiser, step: int) -> None:
    """Write a checkpoint; a kill while it is written leaves the last one whole."""
    state = {"model": questions.state_dict(), "optimiser": optimiser.state_dict(), "step": step}
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def resume(path: Path, questions: nn.Module, optimiser) -> int:
    """Load the last checkpoint; returns the step to go on with."""
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    questions.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    return state["step"]
