"""What the fine-tuned classifier and regressor share: fit a network to images and a loss."""

from collections.abc import Callable
from copy import copy
from functools import partial
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
import torch
from sklearn.base import BaseEstimator
from sklearn.frozen import FrozenEstimator
from sklearn.utils.validation import check_is_fitted

from tmdfeat.base import ImageTransformer
from tmdfeat.deep.checks import check_scale
from tmdfeat.deep.finetune.beginning import (
    begin,
    check_before,
    rebuild,
    take_over,
    warn_of_folded_norms,
)
from tmdfeat.deep.finetune.inputs import batches, render_all
from tmdfeat.deep.finetune.learning_rates import freeze, parameter_groups
from tmdfeat.deep.finetune.losses import Loss, balancing_weights
from tmdfeat.deep.finetune.persistence import load_estimator, save_estimator
from tmdfeat.deep.finetune.resuming import Resumable, fit_key
from tmdfeat.deep.finetune.running import errors_in_words, sent_through
from tmdfeat.deep.finetune.selection import best_epoch
from tmdfeat.deep.finetune.settings import Settings, check_settings
from tmdfeat.deep.finetune.training import Examples, Progress, Recipe, train
from tmdfeat.deep.finetune.tunable import Tunable
from tmdfeat.gate import Images, check_images

# Networks that were built of an estimator's `state_`: no state of it themselves.
_networks: WeakKeyDictionary = WeakKeyDictionary()


class FineTuned(ImageTransformer):
    """A network that `fit` teaches; subclasses say what it is asked for.

    Only what is learned is kept, as arrays: networks are built from them when they are needed.
    """

    # Groups keep the images that choose the epoch apart from the others.
    __metadata_request__fit = {"groups": True}

    _moments: dict | None = None  # of the optimiser, for `partial_fit`

    def transform(self, X) -> np.ndarray:
        """Return what the last hidden layer says, before its ReLU.

        Parameters
        ----------
        X : images, see `tmdfeat.gate.check_images`

        Returns
        -------
        float32 array of shape (n, hidden[-1]); without hidden layers, the body's pooled output
        """
        return self._through(X, latent=True)

    def get_feature_names_out(self, input_features=None) -> np.ndarray:
        """Name the columns of `transform`: ``backbone.tuned_number``.

        Parameters
        ----------
        input_features : ignored

        Returns
        -------
        object array of str
        """
        check_is_fitted(self)
        width = self.state_["last.weight"].shape[1]
        name = self._settings_of_fit().backbone.name
        digits = len(str(width - 1))
        return np.array([f"{name}.tuned_{i:0{digits}d}" for i in range(width)], dtype=object)

    def save(self, path) -> None:
        """Write parameters and everything fitted to one .safetensors file; nothing is pickled.

        Parameters
        ----------
        path : str or Path
            Replaced if it is there.
        """
        check_is_fitted(self)
        save_estimator(self, Path(path))

    @classmethod
    def load(cls, path, *, backbone=None):
        """Read what `save` wrote.

        Parameters
        ----------
        path : str or Path
        backbone : callable or Architecture, optional
            The function that builds the network, if it was one: a file cannot hold functions.

        Returns
        -------
        fitted estimator

        Raises
        ------
        ValueError
            If the file is damaged, or holds another kind of estimator.
        FileNotFoundError
        """
        return load_estimator(cls, Path(path), backbone)

    def _outputs(self, X) -> np.ndarray:
        return self._through(X, latent=False)

    def _through(self, X, *, latent: bool) -> np.ndarray:
        check_is_fitted(self)
        settings = self._settings_of_fit()
        net, recipe = self._network(settings), settings.recipe
        function = net.latent if latent else None
        return np.concatenate(
            [
                sent_through(net, grey, recipe, function)
                for grey in batches(
                    in_scale(X, settings),
                    settings.rendering,
                    settings.backbone.size,
                    recipe.batch_size,
                )
            ]
        )

    @torch.inference_mode(False)
    @torch.enable_grad()
    def _learn(
        self,
        settings: Settings,
        images: Images,
        y: np.ndarray,
        loss: Loss,
        chosen: np.ndarray,
        score: Callable[[np.ndarray, np.ndarray], float],
    ) -> None:
        """Fit a fresh network; set everything that is fitted."""
        if settings.recipe.patience is not None and not chosen.any():
            raise ValueError(
                "patience needs images that say which epoch is the best: use "
                "validation_fraction=0.1 or validation_mask=, or patience=None."
            )
        order = np.argsort(chosen, kind="stable")  # both parts are then views of one tensor
        images, y, chosen = images.take(order), y[order], chosen[order]
        net = self._begin(settings, loss)
        grey = render_all(images, settings.rendering, settings.backbone.size)
        kept = Resumable(None)
        if self.checkpoint is not None:
            key = fit_key(
                self, settings, net, grey, (y, chosen, loss.names, loss.targets(y).numpy())
            )
            kept = Resumable(Path(self.checkpoint) / f"{key}.safetensors")
        self._run(settings, net, Progress(), (grey, y, chosen), loss, score, kept)
        self._moments = None

    def _run(self, settings, net, progress, data, loss, score, kept) -> torch.optim.Optimizer:
        grey, y, chosen = data
        recipe = settings.recipe
        with errors_in_words(recipe.batch_size, recipe.device):
            net = _placed(net, settings)
            freeze(net, settings.backbone, self.freeze)
            groups = parameter_groups(net, settings.backbone, self.lr, self.stage_lr_decay)
            optimizer = torch.optim.Adam(groups, fused=True)
            weights = self._weights(y, ~chosen)
            n = np.count_nonzero(~chosen)
            everything = _examples(grey, y, weights, loss, score, recipe)
            examples, held = everything.part(slice(n)), everything.part(slice(n, None))
            progress = kept.resume(net, optimizer, progress)
            progress = train(
                net, optimizer, examples, held if len(held.y) else None, loss, recipe, progress,
                partial(kept.keep, net, optimizer, recipe),
            )  # fmt: skip
        self._set_fitted(progress, loss, recipe)
        return optimizer

    def _set_fitted(self, progress: Progress, loss: Loss, recipe: Recipe) -> None:
        self.state_ = {name: value.numpy() for name, value in progress.best.items()}
        self.outputs_ = tuple(loss.names)
        self.history_ = pd.DataFrame(progress.history)
        self.loss_curve_ = self.history_["loss"].tolist()
        self.best_epoch_ = best_epoch(progress.history, recipe.select) + 1

    def _begin(self, settings: Settings, loss: Loss) -> Tunable:
        backbone, recipe = settings.backbone, settings.recipe
        if self.init_from is None:
            net = begin(
                backbone,
                self.weights,
                settings.hidden,
                self.dropout,
                len(loss.names),
                recipe.seed,
            )
            if self.weights is not None:
                warn_of_folded_norms(net, recipe.batch_norm)
            return net
        before = check_before(self.init_from, backbone, type(self).load)
        net = begin(backbone, None, settings.hidden, self.dropout, len(loss.names), recipe.seed)
        take_over(net, before, self.head, tuple(loss.names))
        return net

    def _weights(self, y: np.ndarray, learned: np.ndarray) -> np.ndarray:
        weights = np.ones(len(y))
        if getattr(self, "class_weight", None) == "balanced":
            weights[learned] = balancing_weights(y[learned])
        return weights

    def _network(self, settings: Settings) -> Tunable:
        state, device, net = _networks.get(self, (None, "", None))
        if net is None or state is not self.state_ or device != settings.recipe.device:
            net = rebuild(settings.backbone, settings.hidden, self.dropout, self.state_)
            net = _placed(net, settings)
            _networks[self] = (self.state_, settings.recipe.device, net)
        return net

    def _settings_of_fit(self) -> Settings:
        return check_settings(self, seed=0)

    def get_params(self, deep=True) -> dict:
        """Return the parameters; not those of `init_from`, which clones share.

        Parameters
        ----------
        deep : ignored

        Returns
        -------
        dict
        """
        return super().get_params(deep=False)

    def set_params(self, **params):
        """Set parameters.

        Parameters
        ----------
        **params : values by name

        Returns
        -------
        self
        """
        inside = [name for name in params if name.startswith("init_from__")]
        if inside:
            raise ValueError(
                f"{inside[0]!r} would change the fitted estimator that clones share. Set "
                "parameters of this one, or give another init_from."
            )
        return super().set_params(**params)

    def __sklearn_clone__(self):
        # scikit-learn would clone `init_from` too, and so drop what it has learned.
        shadow = copy(self)
        if self.init_from is not None:
            shadow.init_from = FrozenEstimator(self.init_from)
        cloned = BaseEstimator.__sklearn_clone__(shadow)
        cloned.init_from = self.init_from
        return cloned

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "state_")  # a fit that failed may have left `classes_`

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.requires_fit = True
        return tags


def in_scale(X, settings: Settings) -> Images:
    return check_images(X).map(partial(check_scale, rendering=settings.rendering, tiles=None))


def _placed(net: Tunable, settings: Settings) -> Tunable:
    net = net.to(settings.recipe.device)
    if settings.backbone.from_library:
        net = net.to(memory_format=torch.channels_last)
    return net


def _examples(grey, y, weights, loss: Loss, score, recipe: Recipe) -> Examples:
    return Examples(
        grey=grey.to(recipe.device) if _fits_beside(grey, recipe.device) else grey,
        y=y,
        targets=loss.targets(y).to(recipe.device),
        weights=torch.as_tensor(weights, dtype=torch.float32, device=recipe.device),
        score=score,
    )


def _fits_beside(grey: torch.Tensor, device: str) -> bool:
    """Say whether images may stay on a GPU while a network learns there: in a third of it."""
    if torch.device(device).type != "cuda":
        return True
    free, _ = torch.cuda.mem_get_info(device)
    return grey.nbytes < free / 3
