"""What decides about a run, in words, and its digest: the name under which it is kept."""

import inspect
import os
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import joblib
import numpy as np
import xxhash
from sklearn.base import BaseEstimator

from tmdfeat.cache import content_digest
from tmdfeat.evaluate.samples import Samples, count, take
from tmdfeat.gate import Images
from tmdfeat.heightmap import HeightMap

VERSIONS = {
    name: version(name) for name in ("tmdfeat", "scikit-learn", "numpy", "torch", "torchvision")
}
# They change how fast a result comes, or where it is kept, and not the result.
BESIDE = ("n_jobs", "verbose", "cache", "memory", "checkpoint")
FILES = ("init_from", "weights")  # parameters that may be the path of a file


def row_digests(X) -> np.ndarray:
    """Hash each image, or row of a table, by its content.

    Returns
    -------
    array of shape (n,) of 16 bytes each
    """
    return np.array([_row(X, i) for i in range(count(X))], dtype="V16")


def data_digest(samples: Samples, rows: np.ndarray, part) -> str:
    """Hash which images, labels and groups a run learns from, validates by and is tested on."""
    digest = xxhash.xxh3_128()
    for positions in (part.train, part.validation, part.test):
        labels, groups = samples.y[positions].tolist(), samples.groups[positions].tolist()
        digest.update(np.asarray(positions, dtype="<i8").tobytes())
        digest.update(rows[positions].tobytes())
        digest.update(repr((labels, groups)).encode())
    return digest.hexdigest()


def run_digest(*parts: str) -> str:
    """Hash what decides about a run, and the versions of what computes."""
    return xxhash.xxh3_128_hexdigest(repr((parts, sorted(VERSIONS.items()))).encode())


def describe(value) -> str:
    """Write a parameter, or an estimator with its parameters, the same in every process.

    Examples
    --------
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> describe(KNeighborsClassifier(2, n_jobs=2)).startswith(
    ...     "sklearn.neighbors._classification.KNeighborsClassifier(algorithm='auto'")
    True
    """
    if isinstance(value, BaseEstimator) and not isinstance(value, type):
        params = value.get_params(deep=False)
        inner = (f"{k}={_parameter(k, params[k])}" for k in sorted(params) if k not in BESIDE)
        learned = any(name.endswith("_") for name in vars(value) if not name.startswith("__"))
        state = [f"state={_state(value)}"] if learned else []
        return f"{_name(type(value))}({', '.join([*inner, *state])})"
    if isinstance(value, list | tuple):
        return f"({', '.join(map(describe, value))})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{k!r}: {describe(v)}' for k, v in value.items())}}}"
    if isinstance(value, np.generic):
        return repr(value.item())
    if isinstance(value, str | bytes | int | float | bool | None):
        return repr(value)
    if isinstance(value, partial):
        return f"partial{describe((value.func, value.args, value.keywords))}"
    if inspect.ismethod(value):
        return f"{describe(value.__self__)}.{value.__name__}"
    if inspect.isfunction(value):
        return f"{_name(value)}:{xxhash.xxh3_128_hexdigest(_body(value).encode())}"
    if inspect.isroutine(value) or inspect.isclass(value):
        return _name(value)
    return f"{_name(type(value))}:{joblib.hash(value)}"


def _parameter(name: str, value) -> str:
    if name in FILES and isinstance(value, str | Path) and Path(value).is_file():
        return f"file:{xxhash.xxh3_128_hexdigest(Path(value).read_bytes())}"
    return describe(value)


def _state(fitted) -> str:
    if not hasattr(fitted, "save"):
        return joblib.hash(fitted)
    with TemporaryDirectory() as folder:  # its pickles hold more than what it learned
        path = Path(folder) / "fitted.safetensors"
        fitted.save(path)
        return xxhash.xxh3_128_hexdigest(path.read_bytes())


def _body(function) -> str:
    # Lambdas and inner functions share their names with others.
    inner = (cell.cell_contents for cell in function.__closure__ or ())
    cells = ["itself" if value is function else describe(value) for value in inner]
    defaults = [function.__defaults__, function.__kwdefaults__]
    said = [describe(defaults)] if any(defaults) else []
    return repr((*_code(function.__code__), cells, *said))


def _code(code) -> tuple:
    """What a function does, the functions inside it included."""
    constants = [
        _code(c)
        if inspect.iscode(c)
        else sorted(map(repr, c))  # else in another order in each process
        if isinstance(c, frozenset)
        else c
        for c in code.co_consts
    ]
    return code.co_code, code.co_names, constants


def _name(thing) -> str:
    return f"{thing.__module__}.{thing.__qualname__}"


def _row(X, i: int) -> bytes:
    item = X[i] if isinstance(X, Images) else take(X, [i])
    if isinstance(item, HeightMap):
        return content_digest(item.z, item.pixel_size, item.z_unit)
    if isinstance(item, np.ndarray) and item.dtype.kind in "biufc":
        return content_digest(item)
    path = _path(item)
    if path is not None:  # for a reader of the user's own
        return xxhash.xxh3_128_digest(path.read_bytes())
    return bytes.fromhex(joblib.hash(item))  # MD5, 16 bytes, too


def _path(item) -> Path | None:
    """File that an entry names, if it names any."""
    values = list(item) if isinstance(item, list | tuple | np.ndarray) else []
    named = len(values) == 1 and isinstance(values[0], str | Path)
    return Path(values[0]) if named and os.path.isfile(values[0]) else None
