"""Names for the stages of a network that hold for every architecture."""

import math
from collections import Counter
from functools import lru_cache

from tmdfeat.deep.architecture import Backbone
from tmdfeat.deep.backbones import find_backbone
from tmdfeat.deep.pooling import pooled_axes
from tmdfeat.deep.recording import IMAGES, Event, Shape
from tmdfeat.deep.survey import Survey, survey

FIRST_OCTAVE = 2  # stems, at half the input's resolution, are no stages
QUARTERS = 4


def stage_names(backbone) -> dict[str, str]:
    """Find the layers that "stage1", "stage2", ... mean in a network.

    Of networks with maps: the last output at each resolution, from a quarter of the input's
    side down, each half of the one before. Most have four: "stage1" to "stage4" are ``layer1``
    to ``layer4`` of a ResNet. Of networks with tokens: the block at the end of each quarter. A
    layer that is itself called so keeps its name.

    Parameters
    ----------
    backbone : str or callable that returns a torch.nn.Module
        As in `CNNFeatures`.

    Returns
    -------
    dict of str to str
        Names of layers by stage; empty where nothing like stages was found.

    Examples
    --------
    >>> from tmdfeat.deep import stage_names
    >>> stage_names("swin_t")["stage2"]
    'features.3'
    """
    return dict(stages_of(find_backbone(backbone, None)))


@lru_cache(maxsize=64)
def stages_of(backbone: Backbone) -> dict[str, str]:
    """As `stage_names`, of a backbone that was looked up. Not to be changed."""
    seen = survey(backbone)
    events = [event for event in seen.events if _is_body(event, seen)]
    tokens = bool(events) and len(events[-1].after or ()) == 3
    ends = _quarters(events) if tokens else _resolutions(events, seen)
    stages = {f"stage{i}": name for i, name in enumerate(ends, 1)}
    return {stage: stage if stage in seen.modules else name for stage, name in stages.items()}


def _is_body(event: Event, seen: Survey) -> bool:
    """Say whether maps or tokens of whole images came out, before the network's pooling."""
    if event.kind == "Identity" or event.after is None or event.after[0] != IMAGES:
        return False
    return len(event.after) > 2 and event.end < seen.pooling_step and bool(pooled_axes(event.after))


def _resolutions(events: list[Event], seen: Survey) -> list[str]:
    by_name = {event.name: event for event in seen.events}
    ends: dict[int, str] = {}
    for event in events:
        octave = _octave(event.after, seen.size)
        if octave is None or octave < FIRST_OCTAVE or _spans_stages(event, seen):
            continue
        if not any(_halves(by_name.get(above), seen.size) for above in _ancestors(event.name)):
            ends[octave] = event.name
    return [ends[octave] for octave in sorted(ends)]


def _octave(shape: Shape | None, size: int) -> int | None:
    """How many times the side of a map was halved; None if it is no map or but one pixel."""
    axes = pooled_axes(shape) if shape is not None and len(shape) == 4 else None
    if shape is None or axes is None or shape[axes[0]] < 2:
        return None
    return round(math.log2(size / shape[axes[0]]))


def _halved(event: Event | None, size: int) -> int:
    before = _octave(event.before, size) if event else None
    after = _octave(event.after, size) if event else None
    return 0 if before is None or after is None else after - before


def _halves(event: Event | None, size: int) -> bool:
    # What happens inside it is on the way to the next stage, like the first, wide convolution
    # of a MobileNet's block.
    return _halved(event, size) == 1


def _spans_stages(event: Event, seen: Survey) -> bool:
    inside = event.name + "."
    return _halved(event, seen.size) > 1 and any(name.startswith(inside) for name in seen.modules)


def _ancestors(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:i]) for i in range(1, len(parts))]


def _quarters(events: list[Event]) -> list[str]:
    """Ends of the quarters of the longest row of equal siblings."""
    tokens = [event for event in events if len(event.after or ()) == 3]
    rows = Counter((event.name.rpartition(".")[0], event.kind) for event in tokens)
    (parent, kind), n = rows.most_common(1)[0]
    blocks = [e.name for e in tokens if (e.name.rpartition(".")[0], e.kind) == (parent, kind)]
    ends = sorted({math.ceil(n * quarter / QUARTERS) for quarter in range(1, QUARTERS + 1)})
    return [blocks[end - 1] for end in ends]
