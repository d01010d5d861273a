"""The parameters of a fine-tuned network: checked when used, as scikit-learn wants it."""

from dataclasses import dataclass
from numbers import Integral, Real
from pathlib import Path

from sklearn.utils import check_random_state

from tmdfeat.deep.architecture import Backbone
from tmdfeat.deep.backbones import find_backbone
from tmdfeat.deep.checks import check_rendering, resized
from tmdfeat.deep.devices import find_device
from tmdfeat.deep.engines import PRECISIONS
from tmdfeat.deep.finetune.augment import AUGMENTS
from tmdfeat.deep.finetune.batches import SAMPLERS
from tmdfeat.deep.finetune.learning_rates import BATCH_NORMS, SCHEDULES
from tmdfeat.deep.finetune.selection import RULES
from tmdfeat.deep.finetune.training import Recipe
from tmdfeat.deep.rendering import Rendering
from tmdfeat.parameters import check_choice, check_integer, check_number

HEADS = ("replace", "keep", "new")


@dataclass(frozen=True)
class Settings:
    """What the parameters of an estimator mean."""

    backbone: Backbone
    rendering: Rendering
    hidden: tuple[int, ...]
    recipe: Recipe


def check_settings(estimator, seed: int | None = None) -> Settings:
    """Look the parameters up, or raise ValueError or TypeError for the first that is wrong.

    `seed` stands for `random_state` where nothing is drawn: to look at a RandomState changes it.
    """
    rendering = check_rendering(estimator.rendering)
    backbone = resized(find_backbone(estimator.backbone, estimator.weights), rendering.size)
    hidden = _widths(estimator.hidden)
    _check_share("dropout", estimator.dropout)
    check_choice("head", estimator.head, HEADS)
    check_number("lr", estimator.lr, 0, 10)
    check_number("stage_lr_decay", estimator.stage_lr_decay, 0, 1)
    _check_freeze(estimator.freeze)
    _check_share("validation_fraction", estimator.validation_fraction)
    _check_checkpoint(estimator.checkpoint, estimator.random_state)
    seed = _seed(estimator.random_state) if seed is None else seed
    return Settings(backbone, rendering, hidden, _recipe(estimator, seed))


def _recipe(estimator, seed: int) -> Recipe:
    check_choice("sampler", estimator.sampler, SAMPLERS)
    check_choice("augment", estimator.augment, AUGMENTS)
    check_choice("batch_norm", estimator.batch_norm, BATCH_NORMS)
    check_choice("schedule", estimator.schedule, SCHEDULES)
    check_choice("select", estimator.select, RULES)
    check_choice("precision", estimator.precision, PRECISIONS)
    patience = estimator.patience
    if patience is not None and estimator.select == "last":
        raise ValueError("patience stops by the best epoch, but select='last' knows none.")
    return Recipe(
        max_epochs=check_integer("max_epochs", estimator.max_epochs, 1),
        batch_size=check_integer("batch_size", estimator.batch_size, 1),
        sampler=estimator.sampler,
        augment=estimator.augment,
        batch_norm=estimator.batch_norm,
        schedule=estimator.schedule,
        select=estimator.select,
        patience=None if patience is None else check_integer("patience", patience, 1),
        device=find_device(estimator.device),
        precision=estimator.precision,
        seed=seed,
    )


def _seed(random_state) -> int:
    if isinstance(random_state, Integral):
        return check_integer("random_state", random_state, 0)
    return int(check_random_state(random_state).randint(2**31 - 1))


def _widths(hidden) -> tuple[int, ...]:
    if not isinstance(hidden, list | tuple):
        raise ValueError(f"hidden must be a tuple of widths, e.g. (100,) or (), got {hidden!r}.")
    return tuple(check_integer("hidden", width, 1) for width in hidden)


def _check_freeze(freeze) -> None:
    if freeze is not None and freeze != "body":
        check_integer("freeze, unless None or 'body',", freeze, 1)


def _check_share(name: str, share) -> None:
    if not isinstance(share, Real) or isinstance(share, bool) or not 0 <= float(share) < 1:
        raise ValueError(f"{name} must be a number from 0 (none) to below 1, got {share!r}.")


def _check_checkpoint(checkpoint, random_state) -> None:
    if checkpoint is None:
        return
    if not isinstance(checkpoint, str | Path):
        raise TypeError(f"checkpoint must be the path of a folder or None, got {checkpoint!r}.")
    if Path(checkpoint).exists() and not Path(checkpoint).is_dir():
        raise NotADirectoryError(f"checkpoint must be a folder, but {str(checkpoint)!r} is a file.")
    if not isinstance(random_state, Integral):
        raise ValueError(
            "checkpoint needs a number as random_state: without one no fit is like another, so "
            f"none could be resumed. Got random_state={random_state!r}."
        )
