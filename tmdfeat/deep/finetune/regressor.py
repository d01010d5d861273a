"""FineTunedCNNRegressor: a network that learns a value of each scan, such as its coverage."""

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.metrics import r2_score
from sklearn.utils.validation import check_consistent_length, column_or_1d

from tmdfeat.deep.finetune.continuing import learn_one_more_epoch
from tmdfeat.deep.finetune.estimator import FineTuned, in_scale
from tmdfeat.deep.finetune.losses import SquaredError
from tmdfeat.deep.finetune.settings import check_settings
from tmdfeat.deep.finetune.validation import choose_validation
from tmdfeat.parameters import check_choice
from tmdfeat.targets import complete_array

OUTPUTS = ("linear", "sigmoid")


class FineTunedCNNRegressor(RegressorMixin, FineTuned):
    """Teach a pretrained network a value of each scan: coverage, temperature.

    The twin of `FineTunedCNN`, with the squared error as its loss.

    Parameters
    ----------
    backbone, weights, hidden, dropout, freeze, lr, stage_lr_decay, schedule, batch_size, \
max_epochs, augment, batch_norm, patience, init_from, head, rendering, device, precision, \
checkpoint, random_state
        As in `FineTunedCNN`.
    output : {"linear", "sigmoid"}, default "linear"
        "linear": values of any size; they are learned in units of their standard deviation
        about their mean, both of the images learned from. "sigmoid": values from 0 to 1, such
        as coverage.
    validation_fraction : float, default 0.1
        Share of the images that chooses the epoch; whole groups.
    select : {"score", "loss", "last", "paper"}, default "score"
        As in `FineTunedCNN`; the score is R².

    Attributes
    ----------
    middle_, spread_ : float
        What values are learned in units of.
    outputs_, state_, history_, loss_curve_, best_epoch_ : as in `FineTunedCNN`

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat.datasets import make_tmd_afm
    >>> from tmdfeat.deep import FineTunedCNNRegressor, Rendering
    >>> data = make_tmd_afm(6, size=64, random_state=0)
    >>> cnn = FineTunedCNNRegressor(
    ...     "surfacenet", output="sigmoid", max_epochs=1, rendering=Rendering(size=64),
    ...     random_state=0,
    ... ).fit(data.images, np.linspace(0.1, 0.9, 6), groups=data.groups)
    >>> bool(np.all((0 < cnn.predict(data.images)) & (cnn.predict(data.images) < 1)))
    True
    """

    def __init__(
        self,
        backbone="resnet18",
        *,
        weights="default",
        hidden=(100,),
        dropout=0.0,
        output="linear",
        freeze=None,
        lr=7.5e-5,
        stage_lr_decay=1.0,
        schedule="constant",
        batch_size=32,
        max_epochs=59,
        augment="flip",
        batch_norm="train",
        validation_fraction=0.1,
        select="score",
        patience=None,
        init_from=None,
        head="replace",
        rendering=None,
        device="auto",
        precision="float32",
        checkpoint=None,
        random_state=None,
    ):
        self.backbone = backbone
        self.weights = weights
        self.hidden = hidden
        self.dropout = dropout
        self.output = output
        self.freeze = freeze
        self.lr = lr
        self.stage_lr_decay = stage_lr_decay
        self.schedule = schedule
        self.batch_size = batch_size
        self.max_epochs = max_epochs
        self.augment = augment
        self.batch_norm = batch_norm
        self.validation_fraction = validation_fraction
        self.select = select
        self.patience = patience
        self.init_from = init_from
        self.head = head
        self.rendering = rendering
        self.device = device
        self.precision = precision
        self.checkpoint = checkpoint
        self.random_state = random_state

    def fit(self, X, y, groups=None, validation_mask=None):
        """Teach a fresh network.

        Parameters
        ----------
        X : images, see `tmdfeat.gate.check_images`
        y : float array of shape (n,)
        groups, validation_mask : as in `FineTunedCNN.fit`

        Returns
        -------
        self
        """
        check_choice("output", self.output, OUTPUTS)
        settings = check_settings(self)
        images = in_scale(X, settings)
        values = self._values(len(images), y)
        alike = np.zeros(len(values), dtype=int)
        chosen = choose_validation(
            alike, groups, validation_mask, self.validation_fraction, settings.recipe.seed
        )
        loss = self._make_loss(*self._scale(values[~chosen]))
        self._learn(settings, images, values, loss, chosen, r_squared)
        self.middle_, self.spread_ = loss.middle, loss.spread
        return self

    def partial_fit(self, X, y):
        """Learn from each image once more: one epoch, from the weights that there are.

        No images are held out and the learning rate is constant. Adam remembers the epochs of
        `partial_fit` before, not those of `fit`.

        Parameters
        ----------
        X : images
        y : float array of shape (n,)

        Returns
        -------
        self
        """
        check_choice("output", self.output, OUTPUTS)
        settings = check_settings(self)
        images = in_scale(X, settings)
        values = self._values(len(images), y)
        if not hasattr(self, "state_"):
            self.middle_, self.spread_ = self._scale(values)
        loss = self._make_loss(self.middle_, self.spread_)
        learn_one_more_epoch(self, settings, images, values, loss, r_squared)
        return self

    def predict(self, X) -> np.ndarray:
        """Return the values.

        Parameters
        ----------
        X : images, see `tmdfeat.gate.check_images`

        Returns
        -------
        float array of shape (n,)
        """
        outputs = self._outputs(X)
        return self._make_loss(self.middle_, self.spread_).answers(outputs)

    def _values(self, n: int, y) -> np.ndarray:
        values = column_or_1d(complete_array(y, "y"), warn=True).astype(float)
        check_consistent_length(range(n), values)
        if not np.isfinite(values).all():
            raise ValueError("y must be finite, got NaN or infinite values.")
        if self.output == "sigmoid" and not ((values >= 0) & (values <= 1)).all():
            raise ValueError(
                "output='sigmoid' gives values between 0 and 1, but y reaches from "
                f"{values.min():g} to {values.max():g}. Use output='linear', or scale y."
            )
        return values

    def _scale(self, values: np.ndarray) -> tuple[float, float]:
        if self.output == "sigmoid":
            return 0.0, 1.0
        return float(values.mean()), float(values.std()) or 1.0

    def _make_loss(self, middle: float, spread: float) -> SquaredError:
        return SquaredError(middle, spread, self.output == "sigmoid")

    @property
    def sampler(self) -> str:
        """Values are not balanced: each image is seen once in an epoch."""
        return "shuffle"


def r_squared(truth: np.ndarray, values: np.ndarray) -> float:
    """Share of the variance that is explained; NaN for fewer than two values."""
    return float(r2_score(truth, values)) if len(truth) > 1 else float("nan")
