"""What is to be predicted: labels as classifiers want them, and materials as their atoms."""

from tmdfeat.targets.atom_classifier import AtomClassifier
from tmdfeat.targets.atoms import AtomCodec
from tmdfeat.targets.binned import BinnedRegressor
from tmdfeat.targets.encoded import EncodedClassifier
from tmdfeat.targets.formulas import elements
from tmdfeat.targets.labels import complete_array
from tmdfeat.targets.ordinal import OrdinalClassifier

__all__ = [
    "AtomClassifier",
    "AtomCodec",
    "BinnedRegressor",
    "EncodedClassifier",
    "OrdinalClassifier",
    "complete_array",
    "elements",
]
