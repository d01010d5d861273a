"""What a network computes, as a hash: its weights, its settings and its code."""

import functools
import inspect
from collections.abc import Hashable
from dataclasses import fields, is_dataclass
from enum import Enum
from types import CodeType

import numpy as np
import torch
import xxhash
from torch import nn

PLAIN = (str, bytes, int, float, complex, bool, type(None), torch.dtype, torch.device, torch.Size)

HASHED = ("_parameters", "_buffers", "_modules")  # by themselves


def fingerprint(module: nn.Module) -> str:
    """Hash all that decides about a module's output, alike in every process.

    That is: tensors, also buffers that no state dict holds; what the parts' attributes are set to,
    such as a number of heads, which neither weights nor ``repr`` show; and the code of the
    parts' classes, as users edit theirs. Of attributes that are objects of other classes than
    Python's, torch's, NumPy's and dataclasses, only the class counts.

    Parameters
    ----------
    module : torch.nn.Module
        On the CPU.

    Returns
    -------
    str
        32 hexadecimal digits.

    Examples
    --------
    >>> from torch import nn
    >>> from tmdfeat.deep.fingerprint import fingerprint
    >>> few, many = nn.MultiheadAttention(8, 2), nn.MultiheadAttention(8, 4)
    >>> many.load_state_dict(few.state_dict())
    <All keys matched successfully>
    >>> fingerprint(few) == fingerprint(many)
    False
    """
    digest = xxhash.xxh3_128(repr(module).encode())
    for name, tensor in (dict(module.named_buffers()) | module.state_dict()).items():
        digest.update(f"{name}{_written(tensor)}".encode())
    for name, part in module.named_modules():
        digest.update(repr((name, _settings(part))).encode())
    for kind in sorted({type(part) for part in module.modules()}, key=str):
        digest.update(repr((str(kind), _class(kind))).encode())
    return digest.hexdigest()


def _settings(part: nn.Module) -> Hashable:
    settings = {name: value for name, value in vars(part).items() if name not in HASHED}
    # Hooks are numbered in the order in which the process came to them.
    hooks = {name: list(settings[name].values()) for name in settings if name.endswith("_hooks")}
    return _written(settings | hooks)


def _written(value) -> Hashable:
    if isinstance(value, Enum):
        return str(value)
    if isinstance(value, PLAIN):
        return repr(value)
    if isinstance(value, list | tuple):
        return tuple(map(_written, value))
    if isinstance(value, set | frozenset):
        return tuple(sorted(repr(_written(each)) for each in value))
    if isinstance(value, dict):
        return tuple((str(key), _written(each)) for key, each in value.items())
    if torch.is_tensor(value):
        plain = value.detach().contiguous().reshape(-1).view(torch.uint8)
        return (tuple(value.shape), str(value.dtype), xxhash.xxh3_128_hexdigest(plain.numpy()))
    if isinstance(value, np.ndarray | np.generic):
        return (value.shape, value.dtype.str, value.tobytes())
    return _object(value)


def _object(value) -> Hashable:
    if isinstance(value, functools.partial):
        return (_written(value.func), _written(value.args), _written(value.keywords))
    if is_dataclass(value) and not isinstance(value, type):
        return tuple((each.name, _written(getattr(value, each.name))) for each in fields(value))
    if inspect.isfunction(value):
        return (
            value.__module__,
            value.__qualname__,
            _code(value.__code__),
            _written(value.__defaults__),
        )
    if isinstance(value, type) or inspect.isroutine(value):
        return (str(getattr(value, "__module__", "")), value.__qualname__)
    return str(type(value))


def _class(kind: type) -> Hashable:
    """Methods and settings of a class and those it inherits from, as far as they are no torch's."""
    return tuple(
        (name, _written(value))
        for above in kind.__mro__
        if above is not nn.Module and above is not object
        for name, value in vars(above).items()
        if inspect.isfunction(value) or not name.startswith("__")
    )


def _code(code: CodeType) -> Hashable:
    inner = (_code(each) if isinstance(each, CodeType) else each for each in code.co_consts)
    plain = tuple(each for each in inner if isinstance(each, str | int | float | bytes | tuple))
    return (code.co_code, code.co_names, repr(plain))
