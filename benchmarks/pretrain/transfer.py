"""How well a network serves kinds of surfaces it never saw: what trainings are chosen by.

No real image takes part. The families that a training left out are told apart, with their
scale and amount in halves, from few examples, each seen once through a random instrument.
"""

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from store import Store
from torch import nn
from views import cut_outs, look

SIDE = 160
EACH = 10  # examples of a class that are learned from
DRAWS = 5
LAYERS = ("stage1", "stage2", "stage3", "stage4", "widened")


def transfer(network: nn.Module, store: Store, held_out: tuple[str, ...], seed: int = 0) -> dict:
    """Measure accuracy (few examples) and R² of the parameters (half of the surfaces).

    Returns
    -------
    dict with "accuracy" (mean over draws), "spread" (their standard deviation), and "r2"
    """
    held = [store.names.index(name) for name in held_out]
    which = np.flatnonzero(np.isin(store.family, held) & ~store.blended)[:3000]
    X = features(network, store, which, seed)
    halves = (store.parameters[which, :2] > 0.5) @ (2, 1)
    kinds = store.family[which].astype(int) * 4 + halves
    scores = [_few(X, kinds, np.random.default_rng([seed, draw])) for draw in range(DRAWS)]
    r2 = np.mean([_r2(X, store, which, family) for family in held])
    return {"accuracy": np.mean(scores), "spread": np.std(scores), "r2": float(r2)}


def features(network: nn.Module, store: Store, which: np.ndarray, seed: int) -> np.ndarray:
    """Mean and standard deviation of all stages, one view of each surface."""
    rng, generator = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
    taken: list[torch.Tensor] = []

    def take(module, inputs, output):
        taken.append(torch.cat([output.mean((2, 3)), output.std((2, 3))], 1))

    hooks = [getattr(network, name).register_forward_hook(take) for name in LAYERS]
    rows = []
    network.eval()
    with torch.inference_mode():
        for begin in range(0, len(which), 64):
            cuts = cut_outs(store.heights, which[begin : begin + 64], SIDE, rng)
            network(look(torch.from_numpy(cuts), SIDE, generator)[0])
            rows.append(torch.cat(taken, 1))
            taken.clear()
    for hook in hooks:
        hook.remove()
    return torch.cat(rows).numpy()


def _few(X: np.ndarray, kinds: np.ndarray, rng: np.random.Generator) -> float:
    learned = np.concatenate(
        [rng.permutation(np.flatnonzero(kinds == kind))[:EACH] for kind in np.unique(kinds)]
    )
    other = np.setdiff1d(np.arange(len(X)), learned)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=2000))
    return model.fit(X[learned], kinds[learned]).score(X[other], kinds[other])


def _r2(X: np.ndarray, store: Store, which: np.ndarray, family: int) -> float:
    own = store.family[which] == family
    X, y = X[own], store.parameters[which[own]]
    half = len(X) // 2
    model = make_pipeline(StandardScaler(), Ridge(alpha=X.shape[1]))
    return model.fit(X[:half], y[:half]).score(X[half:], y[half:])
