"""The same surface turned and mirrored: AFM scans have no up."""

from collections.abc import Iterator

import torch

VIEWS = (None, "d4")


def views_of(batch: torch.Tensor, views: str | None) -> Iterator[torch.Tensor]:
    """Yield a batch of square images as it is, or in all eight orientations of a square.

    Parameters
    ----------
    batch : tensor of shape (..., S, S)
    views : {None, "d4"}

    Examples
    --------
    >>> import torch
    >>> from tmdfeat.deep.views import views_of
    >>> len({tuple(view.ravel().tolist()) for view in views_of(torch.arange(4).view(2, 2), "d4")})
    8
    """
    if views is None:
        yield batch
        return
    for mirrored in (batch, batch.flip(-1)):
        for quarters in range(4):
            yield torch.rot90(mirrored, quarters, (-2, -1))
