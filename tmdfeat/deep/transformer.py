"""CNNFeatures: latent vectors of a frozen network, as a scikit-learn transformer."""

import numpy as np

from tmdfeat.base import ImageTransformer
from tmdfeat.cache import find_cache
from tmdfeat.deep.backbones import find_backbone
from tmdfeat.deep.checks import check_layers, check_pooling
from tmdfeat.deep.devices import find_device
from tmdfeat.deep.extraction import Plan, extract
from tmdfeat.deep.layers import layer_sizes
from tmdfeat.deep.networks import load_network
from tmdfeat.deep.weights import find_weights
from tmdfeat.gate import check_images
from tmdfeat.parameters import check_integer


class CNNFeatures(ImageTransformer):
    """Send each map through a frozen network and return what chosen layers say about it.

    Nothing is learned: `fit` only checks. Maps are stretched to 0..1 between their 0.5th and
    99.5th percentile, resized to the network's square input and normalised as its weights
    want it (see `tmdfeat.deep.rendering`). Level them first, as a step of the Pipeline.

    Parameters
    ----------
    backbone : str or callable, default "resnet18"
        Name of a torchvision classification network (`tmdfeat.deep.backbone_names`), or a
        function that returns a torch.nn.Module for input of 224x224 pixels with ImageNet's
        normalisation. The function must be importable, so that the estimator can be pickled.
    weights : str, path or None, default "default"
        ``"default"`` or the name of torchvision weights, e.g. ``"IMAGENET1K_V1"``: taken from
        torch's folder of checkpoints, or downloaded into it. A path: a state dict in ``.pth``
        or ``.safetensors``. None: the network is untrained, its numbers come from
        `random_state`. Files are never unpickled beyond tensors.
    layers : sequence of str, default ("pool",)
        ``"pool"`` is the vector that the network's head sees. Others are names as in
        ``named_modules()``, e.g. ``"layer3"`` or ``"features.12"``. One pass serves all.
    pooling : {"avg", "max"}, default "avg"
        How maps are pooled over space, and tokens over tokens.
    batch_size : int, default 32
        Images per forward pass. Changes speed and memory, and results by rounding only.
    device : str, default "auto"
        ``"auto"`` is a CUDA GPU if torch sees one, else the CPU; other accelerators, such as
        Apple's, are not used. Or ``"cpu"``, ``"cuda"``, ``"cuda:1"``. Everywhere the network
        computes in plain float32, without TF32 or autocast.
    cache : "memory", path of a folder or None, default "memory"
        Keeps features by the content of each map and everything that changes the result, so
        that a cross-validation sends each map through the network once. ``"memory"``: in this
        process (`tmdfeat.cache.memory_cache`). A folder on a local disk: for later runs too;
        a run that was stopped goes on where it was.
    random_state : int, default 0
        Seed of an untrained network; torch's global random state is left alone.

    Raises
    ------
    tmdfeat.deep.WeightsUnavailable
        By `fit` and `transform`, if named weights are not here and cannot be downloaded.
    ValueError, TypeError, FileNotFoundError
        By `fit` and `transform`, if a parameter or an image is not what it should be.

    Examples
    --------
    >>> import numpy as np
    >>> from tmdfeat import CNNFeatures
    >>> scans = np.random.default_rng(0).normal(size=(2, 64, 64))
    >>> cnn = CNNFeatures("squeezenet1_1", weights=None)
    >>> cnn.fit_transform(scans).shape
    (2, 512)
    >>> cnn.get_feature_names_out()[17]
    'squeezenet1_1.pool_017'
    """

    def __init__(
        self,
        backbone="resnet18",
        *,
        weights="default",
        layers=("pool",),
        pooling="avg",
        batch_size=32,
        device="auto",
        cache="memory",
        random_state=0,
    ):
        self.backbone = backbone
        self.weights = weights
        self.layers = layers
        self.pooling = pooling
        self.batch_size = batch_size
        self.device = device
        self.cache = cache
        self.random_state = random_state

    def transform(self, X) -> np.ndarray:
        """Compute the features.

        Parameters
        ----------
        X : images, see `tmdfeat.gate.check_images`
            Sizes may differ. Files are read one at a time and let go.

        Returns
        -------
        float32 array of shape (n, columns), named by `get_feature_names_out`
        """
        plan = self._plan()
        return extract(check_images(X), plan)

    def get_feature_names_out(self, input_features=None) -> np.ndarray:
        """Name the columns ``backbone.layer_number``; known before `fit`.

        Parameters
        ----------
        input_features : ignored

        Returns
        -------
        object array of str
        """
        backbone = find_backbone(self.backbone, self.weights)
        layers = check_layers(self.layers)
        sizes = layer_sizes(backbone, layers, check_pooling(self.pooling))
        names = [
            f"{backbone.name}.{layer}_{i:0{len(str(size - 1))}d}"
            for layer, size in zip(layers, sizes, strict=True)
            for i in range(size)
        ]
        return np.array(names, dtype=object)

    def _check(self) -> None:
        self._plan()

    def _plan(self) -> Plan:
        backbone = find_backbone(self.backbone, self.weights)
        layers = check_layers(self.layers)
        pooling = check_pooling(self.pooling)
        seed = check_integer("random_state", self.random_state, 0)
        batch_size = check_integer("batch_size", self.batch_size, 1)
        cache = find_cache(self.cache)
        device = find_device(self.device)
        sizes = layer_sizes(backbone, layers, pooling)
        network = load_network(backbone, find_weights(backbone, self.weights), seed, device)
        return Plan(backbone, network, layers, sizes, pooling, batch_size, cache)
