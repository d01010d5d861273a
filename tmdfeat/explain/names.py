"""From a column's name to its block and its family."""

import re

from tmdfeat.physical.catalogue import DESCRIPTORS
from tmdfeat.physical.descriptor import SCALES

LEVELS = ("column", "family", "block")
NO_BLOCK = "(no block)"
_NUMBERED = re.compile(r"(.+?)_?\d+")
_FAMILIES = {d.column(scale): d.family for d in DESCRIPTORS.values() for scale in SCALES}


def block_of(name: str) -> str:
    """Return the text before the first ``__``: the outermost step of nested unions.

    Names without ``__`` share the block ``"(no block)"``: nothing guesses where they come from.

    Examples
    --------
    >>> from tmdfeat.explain.names import block_of
    >>> block_of("physical__Sq_nm"), block_of("latent__cnn__pca_03"), block_of("Sq_nm")
    ('physical', 'latent', '(no block)')
    """
    block, separator, _ = name.partition("__")
    return block if separator else NO_BLOCK


def family_of(name: str) -> str:
    """Return the block and the family of a column, joined by ``__`` as scikit-learn joins.

    A descriptor's family is the one in the catalogue. Any other numbered column belongs to
    the family in front of its number, and the rest to ``"other"``.

    Examples
    --------
    >>> from tmdfeat.explain.names import family_of
    >>> family_of("physical__Sq_nm"), family_of("latent__resnet18.pool_017")
    ('physical__height', 'latent__resnet18.pool')
    >>> family_of("physical__my_own_nm")
    'physical__other'
    """
    block, separator, _ = name.partition("__")
    column = name.rpartition("__")[2]
    return f"{block}{separator}{_family(column)}" if separator else _family(column)


def _family(column: str) -> str:
    if column in _FAMILIES:
        return _FAMILIES[column]
    numbered = _NUMBERED.fullmatch(column)
    return numbered[1] if numbered else "other"
