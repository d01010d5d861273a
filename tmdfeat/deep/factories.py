"""Functions that return a network: what to call them, and when two are the same."""

import functools
import inspect
import pickle
from collections.abc import Hashable


def factory_name(factory) -> str:
    """Name a factory for columns and messages: its function's or its class's name."""
    while isinstance(factory, functools.partial):
        factory = factory.func
    return getattr(factory, "__name__", type(factory).__name__)


def factory_identity(factory) -> Hashable:
    """Return a key that is equal for a factory and its clones, and for no other factory.

    Raises
    ------
    ValueError
        If the factory cannot be pickled.
    """
    try:
        state = pickle.dumps(factory)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise ValueError(
            f"the backbone factory {factory!r} cannot be pickled ({error}), so the estimator "
            "could not be saved or sent to workers. Define it with `def` at the top of a module."
        ) from error
    # clone() copies objects and partials but not functions and classes. A function defined
    # anew under its old name pickles alike, but is another object.
    if inspect.isroutine(factory) or isinstance(factory, type):
        return factory
    if isinstance(factory, functools.partial):
        return (factory_identity(factory.func), state)
    return (type(factory), state)
