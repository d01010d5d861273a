"""Parameters of CNNFeatures: checked when used, as scikit-learn wants it."""


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
