"""The paper family beside its literal definitions, which the tests hold."""

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

from pairs import Pair

from tmdfeat.physical import compute, select
from tmdfeat.physical.paper import picture
from tmdfeat.physical.paper_blobs import count_blobs

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "physical"))
from literal_paper import literal_paper


def paper_descriptors(in_the_plane: bool):
    """Return the 14, with blobs counted in the volume of the original or in the plane."""
    flat = {"function": lambda grey: float(count_blobs(grey.grey))} if in_the_plane else {}
    return [replace(d, **flat) if d.name == "paper_dog_blobs" else d for d in select("paper")]


def paper_pair(in_the_plane: bool) -> Pair:
    descriptors = paper_descriptors(in_the_plane)

    def theirs(levels):
        found = literal_paper(levels, in_the_plane)
        return [found[d.column()] for d in descriptors]

    where = "the plane" if in_the_plane else "three copies, as published"
    return Pair(
        f"14 paper quantities, blobs in {where}",
        partial(compute, descriptors),
        theirs,
        "NumPy, SciPy and scikit-image, as the authors wrote it",
        picture,
    )


PAPER_PAIRS = (paper_pair(in_the_plane=False), paper_pair(in_the_plane=True))
