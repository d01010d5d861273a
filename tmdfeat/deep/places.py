"""Where in a network the activations are that its head sees."""

from tmdfeat.deep.recording import Event, Shape
from tmdfeat.deep.survey import AVERAGE, Survey
from tmdfeat.deep.tapped import Tap


def find_pool(seen: Survey, pooling: str) -> tuple[Tap, Shape]:
    """Find the place that "pool" means, see `tmdfeat.deep.layers.find_taps`.

    Returns
    -------
    Tap
        Its axes are not set.
    tuple of int
        Shape of what passes there.

    Raises
    ------
    ValueError
        If no head was found, or for other poolings than "avg", no map or tokens before it.
    """
    average, head = seen.average, seen.head
    if average is not None and pooling == "avg":
        return Tap("pool", AVERAGE, "output", ()), tensor_shape("pool", average.after, average)
    door = average or head
    if door is None:
        top = [name for name in seen.modules if "." not in name]
        raise ValueError(
            f'layer "pool" needs a module named {AVERAGE} or one of the heads {seen.heads} at '
            f"the top of the network, which has {top}. Name a layer instead."
        )
    shape = tensor_shape("pool", door.before, door)
    if pooling == "avg" or len(shape) > 2:
        return Tap("pool", door.name, "input", ()), shape
    return _before_average(seen, pooling, shape[1])


def _before_average(seen: Survey, pooling: str, columns: int) -> tuple[Tap, Shape]:
    """The maps or tokens that became the vector which the head sees."""
    earlier = [r for r in seen.reductions if r.step < seen.pooling_step]
    if not earlier or earlier[-1].columns != columns:
        raise ValueError(
            "layer 'pool' of this network is a vector before its head sees it, so "
            f"pooling={pooling!r} cannot apply. Name the layer before, or use pooling='avg'."
        )
    last = earlier[-1]
    if last.source:
        return Tap("pool", last.source, "output", ()), last.before
    return Tap("pool", "", last.function, (), last.call), last.before


def tensor_shape(layer: str, shape: Shape | None, event: Event) -> Shape:
    """Return the shape, or say what the layer gives instead of a tensor."""
    if shape is None:
        raise ValueError(f"layer {layer!r} must give a tensor, got {event.gives}.")
    return shape
