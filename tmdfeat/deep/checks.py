"""Parameters of CNNFeatures: checked when used, as scikit-learn wants it."""

import numbers


def check_layers(layers) -> tuple[str, ...]:
    """Return layer names as a tuple, or raise ValueError."""
    names = tuple(layers) if isinstance(layers, list | tuple) else ()
    if not names or len(set(names)) < len(names) or not all(isinstance(n, str) for n in names):
        raise ValueError(
            "layers must be a list or tuple of different layer names, e.g. ('pool',) or "
            f"('layer3', 'pool'), got {layers!r}."
        )
    return names


def check_pooling(pooling) -> str:
    """Return the kind of pooling, or raise ValueError."""
    if pooling not in ("avg", "max"):
        raise ValueError(f"pooling must be 'avg' or 'max', got {pooling!r}.")
    return pooling


def check_integer(name: str, value, at_least: int) -> int:
    """Return an int of any integer type, or raise ValueError."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < at_least:
        raise ValueError(f"{name} must be an integer of at least {at_least}, got {value!r}.")
    return int(value)
