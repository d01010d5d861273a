"""CNNFeatures: latent vectors of a frozen network, as a scikit-learn transformer."""

from functools import partial

import numpy as np
from joblib import effective_n_jobs

from tmdfeat.base import ImageTransformer
from tmdfeat.cache import find_cache
from tmdfeat.deep.backbones import Backbone, find_backbone
from tmdfeat.deep.checks import (
    check_layers,
    check_rendering,
    check_scale,
    check_tiles,
    resized,
)
from tmdfeat.deep.devices import find_device
from tmdfeat.deep.engines import ENGINES, PRECISIONS
from tmdfeat.deep.extraction import extract
from tmdfeat.deep.layers import column_names, layer_sizes
from tmdfeat.deep.networks import Network, load_network
from tmdfeat.deep.parallel import extract_in_processes
from tmdfeat.deep.plan import Plan
from tmdfeat.deep.pooling import POOLINGS
from tmdfeat.deep.rendering import Rendering
from tmdfeat.deep.views import VIEWS
from tmdfeat.deep.weights import find_weights
from tmdfeat.gate import check_images
from tmdfeat.parameters import check_choice, check_integer


class CNNFeatures(ImageTransformer):
    """Send each map through a frozen network and return what chosen layers say about it.

    Nothing is learned: `fit` only checks. By default maps are stretched to 0..1 between their
    0.5th and 99.5th percentile, resized to the network's square input and normalised as its
    weights want it (see `Rendering`). Level them first, as a step of the Pipeline.

    Parameters
    ----------
    backbone : str, callable or Architecture, default "surfacenet"
        ``"surfacenet"`` comes with the package, small and made for surfaces
        (`tmdfeat.deep.surfacenet`). Or the name of a network of torchvision, or of timm with
        ``"timm/"`` before it (`tmdfeat.deep.list_backbones`). Or a function that returns a
        torch.nn.Module for input of three channels of 224x224 pixels with ImageNet's
        normalisation; if it wants another size, normalisation or one channel, say so with
        `tmdfeat.deep.Architecture`. The function must be importable, so that the estimator can
        be pickled.
    weights : str, path or None, default "default"
        ``"default"``, the name of torchvision weights, e.g. ``"IMAGENET1K_V1"``, or
        ``"micronet"`` (names of timm's networks name theirs): taken from the weights folder or
        torch's folder of checkpoints, or downloaded. A path, or the name of a file in the
        weights folder: a state dict in ``.pth`` or ``.safetensors``; ``"file.pth#sha256=..."``
        checks it. An https address: downloaded once. None: the network is untrained, its
        numbers come from `random_state`. Files are never unpickled beyond tensors.
    layers : sequence of str, optional
        ``"pool"`` is what the network's head sees; ``"stage1"``, ``"stage2"``, ... are its
        resolutions from fine to coarse (`tmdfeat.deep.stage_names`). Others are names as in
        ``named_modules()``, e.g. ``"layer3"`` or ``"features.12"``. One pass serves all. By
        default ``("pool",)``, of surfacenet all its stages and "pool".
    pooling : {"avg", "max", "gem", "avg_std", "token"}, optional
        How maps are pooled over space, and tokens over tokens. ``"gem"`` is the generalised mean
        (power 3), between mean and maximum; ``"avg_std"`` gives mean and standard deviation,
        twice the columns; ``"token"`` is the class token of a vision transformer. By default
        ``"avg"``, of surfacenet ``"avg_std"``.
    views : {None, "d4"}, default None
        ``"d4"``: the mean over all eight flips and quarter turns, since scans have no up. Eight
        passes.
    tiles : Tiles, optional
        Send large scans through the network in tiles; see `Tiles`.
    rendering : Rendering, optional
        How heights become grey values; see `Rendering`.
    batch_size : int, default 32
        Images per forward pass. Changes speed and memory, and results by rounding only.
    device : str, default "auto"
        ``"auto"`` is a CUDA GPU if torch sees one, else the CPU; other accelerators, such as
        Apple's, are not used. Or ``"cpu"``, ``"cuda"``, ``"cuda:1"``.
    precision : {"float32", "bfloat16"}, default "float32"
        float32 is plain everywhere, without TF32 or autocast. bfloat16 is faster on processors
        made for it, and changes features by 1 to 20 %, depending on the network (measured in
        ``docs/deep.md``).
    engine : {"torch", "openvino"}, default "torch"
        ``"openvino"``: for CPUs, faster; needs ``pip install 'tmdfeat[openvino]'``.
    n_jobs : int, optional
        Processes of joblib, with one thread each. Each reads its own files. Under
        ``joblib.parallel_config("dask")`` they are the workers of a cluster. Equal results.
    cache : "memory", path of a folder, FolderCache or None, default "memory"
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
    >>> cnn = CNNFeatures()
    >>> cnn.fit_transform(scans).shape
    (2, 1792)
    >>> cnn.get_feature_names_out()[[0, -1]]
    array(['surfacenet.stage1_00', 'surfacenet.pool_std_511'], dtype=object)
    >>> CNNFeatures("squeezenet1_1", weights=None).fit_transform(scans).shape
    (2, 512)
    """

    def __init__(
        self,
        backbone="surfacenet",
        *,
        weights="default",
        layers=None,
        pooling=None,
        views=None,
        tiles=None,
        rendering=None,
        batch_size=32,
        device="auto",
        precision="float32",
        engine="torch",
        n_jobs=None,
        cache="memory",
        random_state=0,
    ):
        self.backbone = backbone
        self.weights = weights
        self.layers = layers
        self.pooling = pooling
        self.views = views
        self.tiles = tiles
        self.rendering = rendering
        self.batch_size = batch_size
        self.device = device
        self.precision = precision
        self.engine = engine
        self.n_jobs = n_jobs
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
        plan, network = self._plan()
        in_scale = partial(check_scale, rendering=plan.rendering, tiles=plan.tiles)
        images = check_images(X).map(in_scale)
        n_jobs = min(effective_n_jobs(self.n_jobs), len(images))
        if n_jobs > 1:
            return extract_in_processes(images, plan, network, n_jobs)
        return extract(images, plan, network)

    def get_feature_names_out(self, input_features=None) -> np.ndarray:
        """Name the columns ``backbone.layer_number``; known before `fit`.

        Parameters
        ----------
        input_features : ignored

        Returns
        -------
        object array of str
        """
        backbone, layers, pooling, _ = self._what_is_seen()
        columns = column_names(backbone, layers, pooling)
        names = [f"{backbone.name}.{column}" for column in columns]
        return np.array(names, dtype=object)

    def _check(self) -> None:
        self._plan()

    def _what_is_seen(self) -> tuple[Backbone, tuple[str, ...], str, Rendering]:
        rendering = check_rendering(self.rendering)
        backbone = resized(find_backbone(self.backbone, self.weights), rendering.size)
        layers = backbone.layers if self.layers is None else check_layers(self.layers)
        pooling = backbone.pooling if self.pooling is None else self.pooling
        check_choice("pooling", pooling, POOLINGS)
        return backbone, layers, pooling, rendering

    def _plan(self) -> tuple[Plan, Network]:
        backbone, layers, pooling, rendering = self._what_is_seen()
        check_choice("views", self.views, VIEWS)
        check_choice("engine", self.engine, ENGINES)
        check_choice("precision", self.precision, PRECISIONS)
        tiles = check_tiles(self.tiles)
        seed = check_integer("random_state", self.random_state, 0)
        batch_size = check_integer("batch_size", self.batch_size, 1)
        cache = find_cache(self.cache)
        device = find_device(self.device, self.engine)
        sizes = layer_sizes(backbone, layers, pooling)
        network = load_network(backbone, find_weights(backbone, self.weights), seed)
        plan = Plan(
            backbone=backbone,
            digest=network.digest,
            layers=layers,
            sizes=sizes,
            pooling=pooling,
            views=self.views,
            tiles=tiles,
            rendering=rendering,
            batch_size=batch_size,
            device=device,
            precision=self.precision,
            engine=self.engine,
            cache=cache,
        )
        return plan, network
