"""Keys: the content of an image, and the recipe of what was computed of it."""

from typing import NamedTuple

import numpy as np
import xxhash

PLAIN = (str, bytes, int, float, bool, type(None))


class Key(NamedTuple):
    """Where a result is kept; made by `make_key`.

    `digest` and `recipe` are 16 bytes each, the latter a hash of `text`: the recipe in words, so
    that a cache can say what is in it.
    """

    digest: bytes
    recipe: bytes
    text: str


def content_digest(z: np.ndarray, *beside) -> bytes:
    """Hash heights with their shape and type: equal arrays, and only those, are one image.

    Parameters
    ----------
    z : array
    *beside : plain values, see `make_key`
        What else of an image changes what is computed of it, such as its pixel size.

    Returns
    -------
    bytes, 16 of them
    """
    digest = xxhash.xxh3_128(f"{z.shape}{z.dtype.str}".encode())
    digest.update(np.ascontiguousarray(z))
    if beside:
        digest.update(_written(beside).encode())
    return digest.digest()


def make_key(digest: bytes, recipe: tuple) -> Key:
    """Join an image's digest with the recipe of a result.

    Parameters
    ----------
    digest : bytes
        From `content_digest`.
    recipe : tuple
        Everything else that changes the result; of strings, bytes, numbers, None, and tuples of
        such: these are written alike in every process and on every machine. What differs from
        image to image is better put into the digest: each recipe is written down once.

    Returns
    -------
    Key

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
    text = _written(recipe)
    return Key(digest, xxhash.xxh3_128_digest(text.encode()), text)


def _written(recipe: tuple) -> str:
    _check_plain(recipe)
    return repr(recipe)


def _check_plain(part) -> None:
    if isinstance(part, tuple):
        for inner in part:
            _check_plain(inner)
    elif type(part) not in PLAIN:
        raise TypeError(f"a recipe is made of plain values, got {part!r} of {type(part)}.")
