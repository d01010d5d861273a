"""Keys: the content of an image, and the recipe of what was computed of it."""

import numpy as np
import xxhash

PLAIN = (str, bytes, int, float, bool, type(None))


def content_digest(z: np.ndarray) -> bytes:
    """Hash heights with their shape and type: equal arrays, and only those, are one image.

    Parameters
    ----------
    z : array

    Returns
    -------
    bytes, 16 of them
    """
    digest = xxhash.xxh3_128(f"{z.shape}{z.dtype.str}".encode())
    digest.update(np.ascontiguousarray(z))
    return digest.digest()


def make_key(digest: bytes, recipe: tuple) -> bytes:
    """Join an image's digest with the recipe of a result.

    Parameters
    ----------
    digest : bytes
        From `content_digest`.
    recipe : tuple
        Everything else that changes the result; of strings, bytes, numbers, None, and tuples of
        such: these are written alike in every process and on every machine.

    Returns
    -------
    bytes, 32 of them

    Raises
    ------
    TypeError
        If the recipe holds anything else, whose text might carry an address.

    Examples
    --------
    >>> key = make_key(content_digest(np.eye(2)), ("Sq", 2.0))
    >>> key == make_key(content_digest(np.eye(2)), ("Sq", 2.0))
    True
    >>> key == make_key(content_digest(np.eye(2)), ("Sq", 3.0))
    False
    """
    _check_plain(recipe)
    return digest + xxhash.xxh3_128(repr(recipe).encode()).digest()


def _check_plain(part) -> None:
    if isinstance(part, tuple):
        for inner in part:
            _check_plain(inner)
    elif type(part) not in PLAIN:
        raise TypeError(f"a recipe is made of plain values, got {part!r} of {type(part)}.")
