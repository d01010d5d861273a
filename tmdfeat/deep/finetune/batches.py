"""Which images a network sees in one epoch, and in which order."""

import numpy as np
import torch

from tmdfeat.deep.finetune.losses import balancing_weights

SAMPLERS = ("balanced", "shuffle")


def epoch_batches(
    y: np.ndarray, sampler: str, batch_size: int, generator: torch.Generator
) -> list[torch.Tensor]:
    """Draw the batches of one epoch: as many images as there are.

    Parameters
    ----------
    y : array of shape (n,)
        Numbers of classes; only "balanced" looks at them.
    sampler : {"balanced", "shuffle"}
        "balanced": with replacement, every class alike often. "shuffle": each image once.
    batch_size : int
        Of all batches but the last. If that would be one image alone, which batch norms could
        not learn from, it is joined to the one before.
    generator : torch.Generator

    Returns
    -------
    list of int64 tensors: places in y

    Examples
    --------
    >>> import numpy as np, torch
    >>> from tmdfeat.deep.finetune.batches import epoch_batches
    >>> batches = epoch_batches(np.zeros(9), "shuffle", 4, torch.Generator().manual_seed(0))
    >>> [len(batch) for batch in batches]
    [4, 5]
    """
    if sampler == "balanced":
        weights = torch.as_tensor(balancing_weights(y))
        places = torch.multinomial(weights, len(y), replacement=True, generator=generator)
    else:
        places = torch.randperm(len(y), generator=generator)
    batches = list(places.split(batch_size))
    if len(batches) > 1 and len(batches[-1]) == 1 < batch_size:
        *batches, before, alone = batches
        batches.append(torch.cat([before, alone]))
    return batches
