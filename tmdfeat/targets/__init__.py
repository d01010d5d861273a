"""What is to be predicted: labels as classifiers want them, and materials as their atoms."""

from tmdfeat.targets.atom_classifier import AtomClassifier
from tmdfeat.targets.atoms import AtomCodec
from tmdfeat.targets.encoded import EncodedClassifier
from tmdfeat.targets.formulas import elements
from tmdfeat.targets.labels import complete_array

__all__ = ["AtomClassifier", "AtomCodec", "EncodedClassifier", "complete_array", "elements"]
