"""FineTunedCNN: a network that learns to tell classes apart, as a scikit-learn estimator."""

import itertools

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.metrics import f1_score
from sklearn.utils.validation import check_consistent_length, check_is_fitted

from tmdfeat.deep.finetune.continuing import learn_one_more_epoch
from tmdfeat.deep.finetune.estimator import FineTuned, in_scale
from tmdfeat.deep.finetune.losses import CrossEntropy, Elements, Ordinal
from tmdfeat.deep.finetune.settings import check_settings
from tmdfeat.deep.finetune.validation import choose_validation
from tmdfeat.parameters import check_choice
from tmdfeat.targets import AtomCodec, complete_array
from tmdfeat.targets.labels import check_labels

LOSSES = ("cross_entropy", "atoms", "ordinal")


class FineTunedCNN(ClassifierMixin, FineTuned):
    """Teach a pretrained network the classes of your scans: classifier and transformer in one.

    Every `fit` begins anew, from the published weights (or the seed, or `init_from`): nothing
    is handed from fold to fold. Images are rendered once, as `CNNFeatures` does it, and kept
    in memory (0.2 MB each at 224x224 pixels). Level them first, as a step of the Pipeline.

    Parameters
    ----------
    backbone : str, callable or Architecture, default "resnet18"
        As in `CNNFeatures`. Its own head is left out; what it pools goes into a new one.
    weights : str, path or None, default "default"
        As in `CNNFeatures`. None: from scratch, numbers from `random_state`.
    hidden : tuple of int, default (100,)
        Widths of fully connected layers with ReLU between the body and the outputs.
    dropout : float, default 0.0
        Share of a hidden layer's outputs that is left out in training.
    loss : {"cross_entropy", "atoms", "ordinal"}, default "cross_entropy"
        What the network is asked for: a class; each element of a material, labels being
        formulas (mean binary cross-entropy; the answer is the most probable material seen in
        `fit`); or each step of classes that have an order (NNRank [2]_).
    atoms : sequence of str, optional
        With ``loss="atoms"``: the elements that outputs stand for, if materials with others
        are to come. By default those in y.
    class_order : sequence, optional
        With ``loss="ordinal"``: the classes from low to high. By default numbers by size.
    freeze : {None, "body"} or int, default None
        What does not learn: nothing; the whole body; or its stages up to and with that number
        (`tmdfeat.deep.stage_names`). Batch norms there keep their statistics.
    lr : float, default 7.5e-5
        Learning rate of Adam.
    stage_lr_decay : float, default 1.0
        Factor of the learning rate from the head to the last stage and on to each one before.
    schedule : {"constant", "cosine"}, default "constant"
        The learning rate over the epochs.
    batch_size : int, default 32
    max_epochs : int, default 59
    sampler : {"balanced", "shuffle"}, default "balanced"
        "balanced": images are drawn with replacement such that classes come alike often.
        "shuffle": each image once in an epoch.
    class_weight : {None, "balanced"}, default None
        Weigh the losses of images instead, with ``sampler="shuffle"``.
    augment : {None, "flip", "d4", "rotation", "crop"}, default "flip"
        Random changes of each image that is learned from: flips; flips and quarter turns; any
        angle; a square of 0.7 to 1 of the side. The latter two with flips.
    batch_norm : {"train", "frozen", "paper"}, default "train"
        "train": batch norms learn. "frozen": they keep the statistics they came with; for
        small batches. "paper": frozen after the first epoch, as in the paper.
    validation_fraction : float, default 0.1
        Share of each class's images that chooses the epoch; whole groups. 0: none, and the
        last epoch counts.
    select : {"score", "loss", "last", "paper"}, default "score"
        Whose epoch's weights are kept: that of the highest macro-F1 on the held-out images (of
        equal ones, the lowest loss); the lowest loss; the last; or the published rule, see
        `tmdfeat.deep.finetune.selection.best_epoch`.
    patience : int, optional
        Stop after so many epochs without a better one.
    init_from : fitted FineTunedCNN, or path that `save` wrote, optional
        Begin with what that one learned. `clone` keeps it.
    head : {"replace", "keep", "new"}, default "replace"
        What of `init_from`'s head is used: all but the last layer; all, which needs equal
        outputs in equal order; or nothing.
    rendering : Rendering, optional
        How heights become grey values, and the size of the input; as in `CNNFeatures`.
    device, precision : str
        As in `CNNFeatures`; "bfloat16" is mixed precision: weights stay float32.
    checkpoint : path of a folder, optional
        Keep the state after epochs: the same fit, stopped, goes on from there and comes to
        the same result. Needs a number as `random_state`. Files stay until you delete them.
    random_state : int, RandomState or None, default None
        Of the head, the order of images, augmentation and the held-out images. Fits with one
        number are equal.

    Attributes
    ----------
    classes_ : array of shape (n_classes,)
    outputs_ : tuple of str
        What the network's outputs stand for: classes, elements, or steps between classes.
    state_ : dict of str to array
        All numbers of the network. They pickle, and `save` keeps them.
    history_ : DataFrame
        One row per epoch: epoch, loss and score (macro-F1) while learning, validation_loss,
        validation_score, lr, seconds.
    loss_curve_ : list of float
    best_epoch_ : int
        From 1.

    Raises
    ------
    ValueError
        By `fit`: one class, a wrong parameter, an `init_from` that does not fit.
    FloatingPointError
        By `fit`, if the loss is no longer finite.
    MemoryError
        By `fit`, with the batch size to try.

    References
    ----------
    .. [1] Moses and Reinhart (2024), arXiv:2407.20975.
    .. [2] Cheng, Wang and Pollastri (2008), arXiv:0704.1028.

    Examples
    --------
    >>> from tmdfeat import FineTunedCNN
    >>> from tmdfeat.datasets import make_tmd_afm
    >>> from tmdfeat.deep import Rendering
    >>> data = make_tmd_afm(12, size=64, materials=("MoS2", "WSe2"), random_state=0)
    >>> cnn = FineTunedCNN(
    ...     "surfacenet", max_epochs=2, rendering=Rendering(size=64), random_state=0
    ... ).fit(data.images, data.target, groups=data.groups)
    >>> cnn.predict_proba(data.images).shape, cnn.transform(data.images).shape
    ((12, 2), (12, 100))
    """

    def __init__(
        self,
        backbone="resnet18",
        *,
        weights="default",
        hidden=(100,),
        dropout=0.0,
        loss="cross_entropy",
        atoms=None,
        class_order=None,
        freeze=None,
        lr=7.5e-5,
        stage_lr_decay=1.0,
        schedule="constant",
        batch_size=32,
        max_epochs=59,
        sampler="balanced",
        class_weight=None,
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
        self.loss = loss
        self.atoms = atoms
        self.class_order = class_order
        self.freeze = freeze
        self.lr = lr
        self.stage_lr_decay = stage_lr_decay
        self.schedule = schedule
        self.batch_size = batch_size
        self.max_epochs = max_epochs
        self.sampler = sampler
        self.class_weight = class_weight
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
        y : array of shape (n,)
            Labels; formulas for ``loss="atoms"``.
        groups : array of shape (n,), optional
            What belongs together (specimen, growth): the images that choose the epoch never
            share a group with those that are learned from.
        validation_mask : bool array of shape (n,), optional
            Which images choose the epoch, instead of `validation_fraction`.

        Returns
        -------
        self
        """
        self._check_loss()
        settings = check_settings(self)
        images = in_scale(X, settings)
        labels = _labels(len(images), y)
        classes, codes = np.unique(labels, return_inverse=True)
        if len(classes) < 2:
            [only] = classes.tolist()
            raise ValueError(f"a classifier needs at least two classes, got one class: {only!r}.")
        loss = self._make_loss(classes)
        chosen = choose_validation(
            codes, groups, validation_mask, self.validation_fraction, settings.recipe.seed
        )
        self._learn(settings, images, codes, loss, chosen, macro_f1)
        self.classes_ = classes  # not before: a fit that is stopped leaves all as it was
        return self

    def partial_fit(self, X, y, classes=None):
        """Learn from each image once more: one epoch, from the weights that there are.

        No images are held out and the learning rate is constant. Adam remembers the epochs of
        `partial_fit` before, not those of `fit`.

        Parameters
        ----------
        X : images
        y : array of shape (n,)
        classes : array, optional
            All classes that will come; needed in the first call.

        Returns
        -------
        self
        """
        self._check_loss()
        settings = check_settings(self)
        images = in_scale(X, settings)
        labels = _labels(len(images), y)
        if not hasattr(self, "state_"):
            self.classes_ = np.unique(
                labels if classes is None else complete_array(classes, "classes")
            )
        unknown = sorted(set(labels.tolist()) - set(self.classes_.tolist()))
        if unknown:
            raise ValueError(
                f"y holds {unknown[:5]}, which are not among the classes "
                f"{self.classes_.tolist()}. Give all of them as classes= in the first call."
            )
        codes = np.searchsorted(self.classes_, labels)
        loss = self._make_loss(self.classes_)
        learn_one_more_epoch(self, settings, images, codes, loss, macro_f1)
        return self

    def predict(self, X) -> np.ndarray:
        """Return the classes.

        Parameters
        ----------
        X : images, see `tmdfeat.gate.check_images`

        Returns
        -------
        array of shape (n,)
        """
        return self.predict_both(X)[0]

    def predict_proba(self, X) -> np.ndarray:
        """Return one probability for each class.

        Parameters
        ----------
        X : images, see `tmdfeat.gate.check_images`

        Returns
        -------
        array of shape (n, n_classes), columns in the order of `classes_`
        """
        return self.predict_both(X)[1]

    def predict_both(self, X) -> tuple[np.ndarray, np.ndarray]:
        """Return what `predict` and `predict_proba` do, from one pass through the network.

        Parameters
        ----------
        X : images, see `tmdfeat.gate.check_images`

        Returns
        -------
        classes, probabilities
        """
        outputs = self._outputs(X)
        loss = self._make_loss(self.classes_)
        return self.classes_[loss.answers(outputs)], loss.probabilities(outputs)

    def predict_atoms(self, X) -> np.ndarray:
        """Return the probability of each element in `outputs_`; with ``loss="atoms"`` only.

        Parameters
        ----------
        X : images, see `tmdfeat.gate.check_images`

        Returns
        -------
        array of shape (n, n_elements)
        """
        check_is_fitted(self)
        if self.loss != "atoms":
            raise ValueError(f"only loss='atoms' asks for elements; this one has {self.loss!r}.")
        return 1 / (1 + np.exp(-self._outputs(X).astype(float)))

    def _check_loss(self) -> None:
        if self.loss == "mse":
            raise ValueError(
                "loss='mse' is for values, not classes: use FineTunedCNNRegressor. For classes "
                "that are numbers with an order, use loss='ordinal'."
            )
        check_choice("loss", self.loss, LOSSES)
        check_choice("class_weight", self.class_weight, (None, "balanced"))
        if self.class_weight is not None and self.sampler == "balanced":
            raise ValueError(
                "class_weight='balanced' and sampler='balanced' together would favour small "
                "classes twice. Use class_weight=None, or sampler='shuffle'."
            )

    def _make_loss(self, classes: np.ndarray) -> CrossEntropy | Elements | Ordinal:
        names = tuple(map(str, classes.tolist()))
        if self.loss == "atoms":
            codec = AtomCodec(atoms=self.atoms).fit(classes)
            return Elements(tuple(codec.atoms_.tolist()), codec.codes_)
        if self.loss == "ordinal":
            order = self._order(classes)
            steps = itertools.pairwise(order)
            names = tuple(f"{low} < {high}" for low, high in steps)
            return Ordinal(names, np.array([order.index(c) for c in classes.tolist()]))
        return CrossEntropy(names)

    def _order(self, classes: np.ndarray) -> list:
        known = classes.tolist()
        if self.class_order is None:
            if classes.dtype.kind not in "iufb":
                raise ValueError(
                    f"loss='ordinal' needs the order of {known}: give class_order=, from low "
                    "to high, or labels that are numbers."
                )
            return known
        named = np.ravel(self.class_order).tolist()
        order = [label for label in named if label in known]
        if sorted(order) != known:
            raise ValueError(f"class_order={named!r} must name each of {known} once.")
        return order


def macro_f1(truth: np.ndarray, answers: np.ndarray) -> float:
    """Macro-F1 over the classes that are in the truth."""
    return float(
        f1_score(truth, answers, labels=np.unique(truth), average="macro", zero_division=0)
    )


def _labels(n: int, y) -> np.ndarray:
    labels = check_labels(y)
    check_consistent_length(range(n), labels)
    return labels
