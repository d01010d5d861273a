"""One more epoch for a network that is already at work (partial_fit)."""

from dataclasses import replace

import numpy as np
import torch

from tmdfeat.deep.finetune.beginning import rebuild
from tmdfeat.deep.finetune.inputs import render_all
from tmdfeat.deep.finetune.resuming import Resumable, give_moments
from tmdfeat.deep.finetune.training import Progress


class Moments(Resumable):
    """Gives an optimiser its moments from the epoch before; writes nothing."""

    def __init__(self, moments: dict | None):
        super().__init__(None)
        self.moments = moments

    def resume(self, net, optimizer, progress: Progress) -> Progress:
        if self.moments is not None:
            give_moments(optimizer, self.moments)
        return progress


@torch.inference_mode(False)
@torch.enable_grad()
def learn_one_more_epoch(estimator, settings, images, y: np.ndarray, loss, score) -> None:
    """Run one epoch over all images, with the optimiser's moments of the epoch before.

    The learning rate is constant, no images are held out, and the epoch's weights are kept.
    """
    fitted = hasattr(estimator, "state_")
    history = estimator.history_.to_dict("records") if fitted else []
    recipe = replace(
        settings.recipe,
        max_epochs=len(history) + 1,
        select="last",
        patience=None,
        schedule="constant",
    )
    settings = replace(settings, recipe=recipe)
    if fitted:
        net = rebuild(settings.backbone, settings.hidden, estimator.dropout, estimator.state_)
    else:
        net = estimator._begin(settings, loss)
    grey = render_all(images, settings.rendering, settings.backbone.size)
    nobody = np.zeros(len(y), dtype=bool)
    moments = Moments(estimator._moments)
    optimizer = estimator._run(
        settings, net, Progress(history), (grey, y, nobody), loss, score, moments
    )
    # In the CPU's memory, or the estimator could not be unpickled where there is no GPU.
    estimator._moments = {
        place: {name: value.cpu() for name, value in state.items()}
        for place, state in optimizer.state_dict()["state"].items()
    }
