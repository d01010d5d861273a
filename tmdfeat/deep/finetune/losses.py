"""What a network is asked for: its outputs, how wrong they are, and what they say."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import torch
from scipy.special import expit, softmax
from torch import Tensor
from torch.nn import functional as nnf

from tmdfeat.targets.ordinal import between_thresholds


class Loss(Protocol):
    """How one kind of question is put to a network.

    `names` are those of the outputs. Targets and outputs have one row per image. `each` is
    the loss of each image, `answers` what is predicted from outputs: numbers of classes, or
    values.
    """

    names: tuple[str, ...]

    def targets(self, y: np.ndarray) -> Tensor: ...

    def each(self, outputs: Tensor, targets: Tensor) -> Tensor: ...

    def answers(self, outputs: np.ndarray) -> np.ndarray: ...


@dataclass(frozen=True)
class CrossEntropy:
    """One output for each class; the largest wins."""

    names: tuple[str, ...]

    def targets(self, y: np.ndarray) -> Tensor:
        return torch.as_tensor(y, dtype=torch.long)

    def each(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return nnf.cross_entropy(outputs, targets, reduction="none")

    def answers(self, outputs: np.ndarray) -> np.ndarray:
        return outputs.argmax(1)

    def probabilities(self, outputs: np.ndarray) -> np.ndarray:
        return softmax(outputs.astype(float), axis=1)


@dataclass(frozen=True, eq=False)
class Elements:
    """One output for each element: is it in the material? Mean binary cross-entropy.

    The answer is the most probable of the known materials, elements taken as independent.
    """

    names: tuple[str, ...]
    codes: np.ndarray = field(repr=False)  # (classes, elements), 1 where a class has an element

    def targets(self, y: np.ndarray) -> Tensor:
        return torch.as_tensor(self.codes[y], dtype=torch.float32)

    def each(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return _binary(outputs, targets)

    def answers(self, outputs: np.ndarray) -> np.ndarray:
        return self.probabilities(outputs).argmax(1)

    def probabilities(self, outputs: np.ndarray) -> np.ndarray:
        # log p - log(1 - p) is the output itself: what all classes share falls out.
        return softmax(outputs.astype(float) @ self.codes.T, axis=1)


@dataclass(frozen=True, eq=False)
class Ordinal:
    """One output for each step between neighbouring classes: is it beyond, as NNRank asks it.

    The answer is the number of steps passed one after the other with a probability above one
    half: a median, which may be another class than the most probable one.

    References
    ----------
    Cheng, Wang and Pollastri (2008), arXiv:0704.1028; here with binary cross-entropy.
    """

    names: tuple[str, ...]
    ranks: np.ndarray = field(repr=False)  # place of each class in the order

    def targets(self, y: np.ndarray) -> Tensor:
        beyond = self.ranks[y][:, None] > np.arange(len(self.names))
        return torch.as_tensor(beyond, dtype=torch.float32)

    def each(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return _binary(outputs, targets)

    def answers(self, outputs: np.ndarray) -> np.ndarray:
        passed = np.cumprod(outputs > 0, axis=1).sum(1)
        return np.argsort(self.ranks)[passed]

    def probabilities(self, outputs: np.ndarray) -> np.ndarray:
        beyond = np.minimum.accumulate(expit(outputs.astype(float)), axis=1)
        return between_thresholds(beyond)[:, self.ranks]


@dataclass(frozen=True)
class SquaredError:
    """One output: a value, in units of `spread` about `middle`, or between 0 and 1."""

    middle: float = 0.0
    spread: float = 1.0
    bounded: bool = False
    names: tuple[str, ...] = ("value",)

    def targets(self, y: np.ndarray) -> Tensor:
        scaled = (np.asarray(y, dtype=float) - self.middle) / self.spread
        return torch.as_tensor(scaled, dtype=torch.float32)

    def each(self, outputs: Tensor, targets: Tensor) -> Tensor:
        values = outputs[:, 0].sigmoid() if self.bounded else outputs[:, 0]
        return (values - targets).square()

    def answers(self, outputs: np.ndarray) -> np.ndarray:
        values = outputs[:, 0].astype(float)
        return expit(values) if self.bounded else values * self.spread + self.middle


def _binary(outputs: Tensor, targets: Tensor) -> Tensor:
    return nnf.binary_cross_entropy_with_logits(outputs, targets, reduction="none").mean(1)


def balancing_weights(y: np.ndarray) -> np.ndarray:
    """Weigh each sample so that all classes count alike and the mean weight is 1.

    Parameters
    ----------
    y : int array of shape (n,), numbers of classes

    Examples
    --------
    >>> import numpy as np
    >>> balancing_weights(np.array([0, 0, 0, 1])).round(2).tolist()
    [0.67, 0.67, 0.67, 2.0]
    """
    _, place, counts = np.unique(y, return_inverse=True, return_counts=True)
    return len(y) / (len(counts) * counts[place])
