"""Strategies: what learns, and from where it starts."""

from dataclasses import dataclass
from typing import Any

from sklearn.base import clone, is_classifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


@dataclass(frozen=True)
class Sequential:
    """Start each stage from the network that was fitted in the stage before.

    Parameters
    ----------
    estimator : FineTunedCNN, or a Pipeline that ends in one
        It says where the first stage starts from.

    Examples
    --------
    >>> from tmdfeat.deep import FineTunedCNN
    >>> Sequential(FineTunedCNN("resnet18")).estimator.backbone
    'resnet18'
    """

    estimator: Any


def transfer_strategies(network=None) -> dict:
    """Return the ways of transferring knowledge that the paper compares, and surfacenet.

    Parameters
    ----------
    network : FineTunedCNN, optional
        Whose settings (backbone, epochs, rendering, ...) all share; by default
        ``FineTunedCNN()``, with the paper's settings.

    Returns
    -------
    dict
        ``"scratch"``: no weights; ``"frozen"``: features of the unchanged network, standardised,
        and a support vector classifier; ``"imagenet"``: the network as given; ``"sequential"``:
        each stage starts from the one before; ``"surfacenet"``: as given, with surfacenet.

    Examples
    --------
    >>> list(transfer_strategies())
    ['scratch', 'frozen', 'imagenet', 'sequential', 'surfacenet']
    """
    from tmdfeat.deep import CNNFeatures, FineTunedCNN  # torch is slow to import

    network = FineTunedCNN() if network is None else network
    frozen = CNNFeatures(network.backbone, weights=network.weights, rendering=network.rendering)
    return {
        "scratch": clone(network).set_params(weights=None),
        "frozen": make_pipeline(frozen, StandardScaler(), SVC(C=10, class_weight="balanced")),
        "imagenet": network,
        "sequential": Sequential(network),
        "surfacenet": clone(network).set_params(backbone="surfacenet", weights="default"),
    }


def check_strategies(strategies) -> dict:
    """Return the strategies, or say what is wrong with them."""
    if not isinstance(strategies, dict) or not strategies:
        raise TypeError(
            "strategies must be a dict from names to classifiers, e.g. "
            f"{{'imagenet': FineTunedCNN()}}, or transfer_strategies(); got {strategies!r}."
        )
    for name, strategy in strategies.items():
        estimator = estimator_of(strategy)
        usable = hasattr(estimator, "get_params") and not isinstance(estimator, type)
        if not (usable and is_classifier(estimator)):
            raise TypeError(f"strategy {name!r} must be a classifier, got {strategy!r}.")
        if isinstance(strategy, Sequential) and network_of(estimator) is None:
            raise TypeError(
                f"strategy {name!r}: only a FineTunedCNN, or a Pipeline that ends in one, can "
                f"start from another; got {estimator!r}."
            )
    return strategies


def estimator_of(strategy):
    """Return the estimator of a strategy, sequential or not."""
    return strategy.estimator if isinstance(strategy, Sequential) else strategy


def network_of(estimator) -> str | None:
    """Prefix under which the parameters of the fine-tuned network are found, or None.

    Examples
    --------
    >>> from tmdfeat.deep import FineTunedCNN
    >>> network_of(make_pipeline(StandardScaler(), FineTunedCNN())), network_of(SVC())
    ('finetunedcnn__', None)
    """
    prefix = f"{estimator.steps[-1][0]}__" if isinstance(estimator, Pipeline) else ""
    last = last_of(estimator)
    names = last.get_params(deep=False) if hasattr(last, "get_params") else {}
    tuned = {"init_from", "head"} <= set(names) and hasattr(last, "save")
    return prefix if tuned else None


def last_of(estimator):
    """Return the last step of a Pipeline, or the estimator."""
    return estimator.steps[-1][1] if isinstance(estimator, Pipeline) else estimator


def set_network(estimator, **values):
    """Set parameters of the fine-tuned network, wherever it stands."""
    prefix = network_of(estimator)
    return estimator.set_params(**{f"{prefix}{name}": value for name, value in values.items()})
