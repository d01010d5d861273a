"""What a network knows before it learns: published weights, a seed, or another fitted one."""

import warnings
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from sklearn.exceptions import NotFittedError
from sklearn.frozen import FrozenEstimator

from tmdfeat.deep.backbones import Backbone, build_seeded
from tmdfeat.deep.finetune.learning_rates import NORMS
from tmdfeat.deep.finetune.tunable import Tunable, make_tunable
from tmdfeat.deep.networks import load_network
from tmdfeat.deep.weights import find_weights

LAST = "last."


def begin(
    backbone: Backbone, weights, hidden: tuple[int, ...], dropout: float, outputs: int, seed: int
) -> Tunable:
    """Build a network with a fresh head; its body has the weights that are asked for."""
    module = load_network(backbone, find_weights(backbone, weights), seed).module
    return make_tunable(module, backbone, hidden, dropout, outputs, seed)


def warn_of_folded_norms(net: Tunable, batch_norm: str) -> None:
    """Say that weights came with their batch norms folded away, if these are to learn.

    Warns
    -----
    UserWarning
    """
    norms = [part for part in net.body.modules() if isinstance(part, NORMS)]
    if batch_norm == "frozen" or not norms:
        return
    if all(_is_untouched(norm) for norm in norms):
        warnings.warn(
            "the weights come without statistics for their batch norms, as if folded into the "
            f"convolutions: with batch_norm={batch_norm!r} the first batch would undo what the "
            "network knows. Use batch_norm='frozen'.",
            stacklevel=7,  # of the line that calls fit
        )


def _is_untouched(norm) -> bool:
    mean, variance = norm.running_mean, norm.running_var
    return mean is not None and bool((mean == 0).all() and (variance == 1).all())


def rebuild(
    backbone: Backbone, hidden: tuple[int, ...], dropout: float, state: Mapping[str, np.ndarray]
) -> Tunable:
    """Build a network that was fitted before from its numbers."""
    module = build_seeded(backbone, 0)
    net = make_tunable(module, backbone, hidden, dropout, len(state["last.bias"]), 0)
    try:
        net.load_state_dict({name: torch.from_numpy(np.array(v)) for name, v in state.items()})
    except RuntimeError as error:
        raise ValueError(
            f"the fitted weights are not of a {backbone.name} with hidden={hidden!r}: these "
            "parameters were changed after fit. Set them back, or fit again."
        ) from error
    return net


def take_over(net: Tunable, before, head: str, names: tuple[str, ...]) -> None:
    """Copy what another fitted estimator knows into a fresh network.

    Parameters
    ----------
    net : Tunable
        Of the same backbone. Changed in place.
    before : fitted estimator
    head : {"replace", "keep", "new"}
        "replace": all but the last layer is taken over. "keep": all. "new": the body alone.
    names : tuple of str
        Of the outputs.

    Raises
    ------
    ValueError
        If the parts that should be kept are of another size, or mean something else.
    """
    if head == "keep" and before.outputs_ != names:
        same = sorted(before.outputs_) == sorted(names)
        raise ValueError(
            "head='keep' needs outputs that mean the same in the same order. init_from has "
            f"{list(before.outputs_)}, this fit {list(names)}"
            + (": another order. " if same else ". ")
            + "Use head='replace', or for loss='atoms' give both fits the same atoms=."
        )
    left = {"replace": (LAST,), "keep": (), "new": ("hidden.", LAST)}[head]
    own = net.state_dict()
    taken = {
        name: torch.from_numpy(np.array(value))
        for name, value in before.state_.items()
        if not name.startswith(left)
    }
    wrong = [n for n, v in taken.items() if n not in own or own[n].shape != v.shape]
    missing = [n for n in own if n not in taken and not n.startswith(left)]
    if wrong or missing:
        raise ValueError(
            f"init_from's head has hidden={before.hidden!r}, which does not fit the one here "
            f"(first {(wrong + missing)[0]!r}). Give both the same hidden=, or use head='new' "
            "to take over the body alone."
        )
    net.load_state_dict({**own, **taken})


def check_before(before, backbone: Backbone, load):
    """Return the fitted estimator that `init_from` means, or say what is wrong with it.

    Raises
    ------
    TypeError, ValueError, FileNotFoundError, sklearn.exceptions.NotFittedError
    """
    if isinstance(before, str | Path):
        before = load(before)
    if isinstance(before, FrozenEstimator):
        before = before.estimator
    if not hasattr(before, "_settings_of_fit"):
        raise TypeError(
            "init_from must be a fitted FineTunedCNN, or the path of a file that its save() "
            f"wrote, got {type(before).__name__}."
        )
    if not hasattr(before, "state_"):
        raise NotFittedError(
            "init_from is not fitted, so there is nothing to begin with. Fit it first. (What is "
            "inside a Pipeline, or is tried in a search, scikit-learn clones without its weights: "
            "give sklearn.frozen.FrozenEstimator(fitted), or the path of a file that save() wrote.)"
        )
    theirs = before._settings_of_fit().backbone
    if theirs.identity != backbone.identity:
        raise ValueError(
            f"init_from is a {theirs.name}, this one a {backbone.name}: their weights do not "
            "fit. Use the same backbone for both."
        )
    return before
