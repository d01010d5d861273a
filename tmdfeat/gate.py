"""The one gate from "whatever the user passed as X" to height maps, made one at a time."""

import os
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from tmdfeat.heightmap import HeightMap, as_array
from tmdfeat.io import ReadError, ScanFile, read

ACCEPTED = (
    "X must be a list, tuple, object array or pandas Series of HeightMap, 2-D arrays or paths, "
    "or an array of shape (n, H, W)"
)


class Images(Sequence):
    """Height maps by position: made when asked for, never kept.

    Files are read, and the functions given to `map` are applied, each time a position is
    asked for, so memory does not grow with the number of scans.

    Parameters
    ----------
    items : sequence of HeightMap, 2-D array, path or ScanFile
    functions : tuple of callables HeightMap -> HeightMap
        Applied in order to each map.
    positions : sequence of int, optional
        What to call the items in errors; by default 0, 1, ...
    """

    def __init__(self, items, functions=(), positions=None):
        self._items = items
        self._functions = tuple(functions)
        self._positions = range(len(items)) if positions is None else positions

    def __len__(self):
        return len(self._items)

    def __getitem__(self, key):
        if isinstance(key, slice):
            return Images(self._items[key], self._functions, self._positions[key])
        return self._make(self._items[key], self._positions[key])

    def __iter__(self):
        return (self._make(i, p) for i, p in zip(self._items, self._positions, strict=True))

    def __repr__(self):
        return f"Images({len(self)} height maps)"

    def map(self, function: Callable[[HeightMap], HeightMap]) -> "Images":
        """Return the same images with one more function to apply to each."""
        return Images(self._items, (*self._functions, function), self._positions)

    def take(self, index) -> "Images":
        """Return the images at the given places, in that order; errors keep their old positions.

        Parameters
        ----------
        index : sequence of int
            Places in this sequence, as the folds of scikit-learn give them. May repeat.

        Returns
        -------
        Images

        Raises
        ------
        TypeError
            If `index` holds something else, such as a boolean mask.
        IndexError
            If there is no such place.

        Examples
        --------
        >>> import numpy as np
        >>> from tmdfeat.gate import check_images
        >>> images = check_images(np.arange(24.0).reshape(3, 2, 4))
        >>> [float(image.z[0, 0]) for image in images.take([2, 0])]
        [16.0, 0.0]
        """
        index = np.asarray(index)
        if index.ndim != 1 or (index.size and index.dtype.kind not in "iu"):
            raise TypeError(
                f"take needs a 1-D sequence of integers, got dtype {index.dtype} and shape "
                f"{index.shape}. Of a mask, take np.flatnonzero(mask)."
            )
        places = index.tolist()
        items = [self._items[place] for place in places]
        return Images(items, self._functions, [self._positions[place] for place in places])

    def _make(self, item, position) -> HeightMap:
        where = f"X[{position}]"
        try:
            image = _as_heightmap(item, where)
            where = name_image(position, image.name)
            for function in self._functions:
                image = function(image)
        except (ValueError, TypeError, OSError) as error:
            if where in str(error):
                raise
            raise _same_kind(error, f"{where}: {error}") from error
        return image


def check_images(X, *, allow_nan: bool = False) -> Images:
    """Turn every accepted kind of X into height maps, without reading files yet.

    Parameters
    ----------
    X : list, tuple, object array or Series of HeightMap, 2-D array, path or ScanFile; or \
array of shape (n, H, W)
        Sizes may differ. Bare arrays have relative heights and no pixel size.
    allow_nan : bool, default False
        Let NaN pixels pass. Infinite pixels never do.

    Returns
    -------
    Images
        A sequence; each access reads, checks and returns one HeightMap.

    Raises
    ------
    TypeError, ValueError, FileNotFoundError, IsADirectoryError
        With the position in X, the file, what was needed and the way out. What can be seen
        without opening files is checked at once, the rest (content of files, NaN) on access.

    Warns
    -----
    UserWarning
        If X names one file twice.

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat.gate import check_images
    >>> check_images(np.zeros((3, 4, 5)))[2]
    HeightMap('', 4x5 px, unknown scale, relative heights)
    """
    if isinstance(X, Images):
        images = X
    else:
        items = _items(X)
        for position, item in enumerate(items):
            _check_item(item, position)
        _warn_of_duplicates(items)
        images = Images(items)
    return images.map(_check_no_inf if allow_nan else _check_finite)


def name_image(position: int, name: str) -> str:
    """Name one image for an error: its position, and its file if there is one."""
    return f"X[{position}] ({name})" if name else f"X[{position}]"


def _same_kind(error: Exception, text: str) -> Exception:
    # Not type(error)(text): UnicodeDecodeError and its like take other arguments.
    kinds = (ReadError, FileNotFoundError, PermissionError, OSError, TypeError, ValueError)
    return next(kind for kind in kinds if isinstance(error, kind))(text)


def _items(X):
    if isinstance(X, HeightMap | str | os.PathLike | ScanFile):
        raise ValueError(f"{ACCEPTED}; got one {type(X).__name__}. Wrap it in a list: [X].")
    if hasattr(X, "iloc") and getattr(X, "ndim", 1) == 1:
        X = list(X)
    elif hasattr(X, "iloc"):
        raise ValueError(
            f"{ACCEPTED}; got a table of shape {X.shape}. Pass one column, e.g. X['file']."
        )
    if not isinstance(X, list | tuple):
        X = _items_of_array(X)
    if len(X) == 0:
        raise ValueError(f"{ACCEPTED}; got no images (found array with 0 sample(s)).")
    return X


def _items_of_array(X):
    if not (hasattr(X, "__array__") or hasattr(X, "__array_interface__")):
        raise TypeError(f"{ACCEPTED}; got {type(X).__name__}. If it yields images, use list(X).")
    X = as_array(X)
    if X.dtype.kind in "OUT" and X.ndim == 1:
        return list(X) if X.dtype.kind == "O" else X.tolist()
    if X.ndim == 2:
        raise ValueError(
            f"{ACCEPTED}; got one 2-D array of shape {X.shape}. "
            "If it is one image, wrap it in a list: [X]."
        )
    if X.ndim == 3 and X.shape[2] in (3, 4) and X.shape[1] > 4:
        raise ValueError(
            f"{ACCEPTED}; got shape {X.shape}, which looks like one RGB picture. "
            "Take one channel and wrap it in a list: [X[..., 0]]."
        )
    if X.ndim != 3:
        raise ValueError(f"{ACCEPTED}; got an array of shape {X.shape}.")
    return _unboxed(X) if X.dtype.kind == "O" else X


def _unboxed(X):
    """Maps of equal size in an object array: NumPy made the pixels objects, not the maps."""
    try:
        return X.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"{ACCEPTED}; got an object array of shape {X.shape} that holds more than numbers "
            f"({error})."
        ) from error


def _check_item(item, position: int) -> None:
    where = f"X[{position}]"
    if isinstance(item, str | os.PathLike | ScanFile):
        path = Path(item.path if isinstance(item, ScanFile) else item)
        if path.is_dir():
            raise IsADirectoryError(
                f"{where} ({path}) is a directory. "
                "Use tmdfeat.datasets.load_folder(directory) to list the scans in it."
            )
        if not path.is_file():
            raise FileNotFoundError(f"{where}: there is no file {str(path)!r}.")
    elif not isinstance(item, HeightMap):
        try:
            HeightMap(item)
        except (ValueError, TypeError) as error:
            raise _same_kind(error, f"{where}: {error}") from error


def _warn_of_duplicates(items) -> None:
    seen: dict[str, int] = {}
    for position, item in enumerate(items):
        path = item.path if isinstance(item, ScanFile) else item
        if not isinstance(path, str | os.PathLike):
            continue
        first = seen.setdefault(os.path.abspath(path), position)
        if first != position:
            warnings.warn(
                f"X[{first}] and X[{position}] are one file ({path}). Duplicates that fall on "
                "both sides of a split make scores too good; drop them or give them one group.",
                stacklevel=4,
            )
            return


def _as_heightmap(item, where: str) -> HeightMap:
    if isinstance(item, HeightMap):
        return item
    if isinstance(item, ScanFile):
        return item.read()
    if isinstance(item, str | os.PathLike):
        return read(item)
    return HeightMap(item)


def _check_finite(image: HeightMap) -> HeightMap:
    bad = image.z.size - np.count_nonzero(np.isfinite(image.z))
    if bad:
        raise ValueError(
            f"heights must be finite, got {bad} NaN or infinite pixels of {image.z.size}. "
            "Fill missing pixels first, e.g. with the step preprocess.Fill()."
        )
    return image


def _check_no_inf(image: HeightMap) -> HeightMap:
    bad = np.count_nonzero(np.isinf(image.z))
    if bad:
        raise ValueError(
            f"heights must not be infinite, got {bad} infinite pixels of {image.z.size}. "
            "Set them to NaN, then fill them, e.g. with the step preprocess.Fill()."
        )
    return image
