"""Targets: the materials themselves, or their elements."""

from sklearn.base import clone
from sklearn.multioutput import MultiOutputClassifier
from sklearn.pipeline import Pipeline
from sklearn.utils import get_tags

from tmdfeat.study.transfer.strategies import last_of, network_of, set_network
from tmdfeat.targets import AtomClassifier, AtomCodec

TARGETS = ("multiclass", "atoms")


def check_targets(targets, labels) -> dict:
    """Return the elements that networks are asked for, by target; None: for the materials.

    Raises
    ------
    ValueError
        If a target is unknown, or elements are asked for and the labels are no formulas.
    """
    names = (targets,) if targets is None or isinstance(targets, str) else tuple(targets)
    unknown = [name for name in names if name not in TARGETS]
    if unknown or not names or len(set(names)) < len(names):
        raise ValueError(f"targets must be among {TARGETS}, each once, got {targets!r}.")
    atoms = tuple(AtomCodec().fit(labels).atoms_.tolist()) if "atoms" in names else None
    return {name: atoms if name == "atoms" else None for name in names}


def for_target(estimator, atoms):
    """Return a clone that learns the target.

    Parameters
    ----------
    estimator : classifier or Pipeline
    atoms : tuple of str, or None
        Elements of the materials of all stages, so that a network can keep its outputs.

    Returns
    -------
    estimator
        Networks get the loss for elements, the last step of others an `AtomClassifier` around it.
    """
    estimator = clone(estimator)
    if atoms is None:
        return estimator
    if network_of(estimator) is not None:
        return set_network(estimator, loss="atoms", atoms=atoms)
    last = last_of(estimator)
    if isinstance(last, AtomClassifier):
        return estimator
    many = get_tags(last).classifier_tags.multi_label
    asked = AtomClassifier(last if many else MultiOutputClassifier(last))
    if isinstance(estimator, Pipeline):
        return Pipeline([*estimator.steps[:-1], (estimator.steps[-1][0], asked)])
    return asked
