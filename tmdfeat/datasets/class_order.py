"""Which class and which growth each scan of a synthetic data set belongs to."""

from typing import NamedTuple

BALANCES = ("equal", "paper")
SCANS_PER_GROWTH = 3  # where classes are equal and nothing else is asked


class Published(NamedTuple):
    """How many images and samples of a material the authors have."""

    images: int
    samples: int


# Moses and Reinhart, Materials Characterization 209 (2024) 113701, and the data published with it.
PUBLISHED = {
    "MoS2": Published(476, 331),
    "WS2": Published(182, 117),
    "WSe2": Published(137, 120),
    "MoSe2": Published(129, 42),
    "Mo-WSe2": Published(102, 16),
}


def class_order(n, materials, balance) -> list[tuple[str, int]]:
    """Return the material of each scan, and how many scans of it came before.

    The order does not depend on `n`: after any number of scans each class has its share of
    them, up to one.

    Parameters
    ----------
    n : int
    materials : sequence of str
    balance : {"equal", "paper"}

    Returns
    -------
    list of (str, int), n of them

    Examples
    --------
    >>> from tmdfeat.datasets.class_order import class_order
    >>> [name for name, _ in class_order(6, ("MoS2", "WS2"), "paper")]
    ['MoS2', 'WS2', 'MoS2', 'MoS2', 'MoS2', 'WS2']
    """
    images = {m: PUBLISHED[m].images if balance == "paper" else 1 for m in materials}
    total = sum(images.values())
    done = dict.fromkeys(materials, 0)
    order = []
    for i in range(n):
        # In whole numbers: which class lacks most of its share of i + 1 scans.
        due = max(materials, key=lambda name: images[name] * (i + 1) - done[name] * total)
        order.append((due, done[due]))
        done[due] += 1
    return order


def growth_number(before, material, scans_per_growth, balance) -> int:
    """Return the number of the growth of a scan, with so many scans of its material before it.

    Parameters
    ----------
    before : int
    material : str
    scans_per_growth : int or None
        None: 3 if classes are equal, else as many as the authors have of the material.
    balance : {"equal", "paper"}

    Returns
    -------
    int
    """
    if scans_per_growth is None and balance == "paper":
        return before * PUBLISHED[material].samples // PUBLISHED[material].images
    return before // (scans_per_growth or SCANS_PER_GROWTH)
