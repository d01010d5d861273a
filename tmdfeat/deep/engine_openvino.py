"""OpenVINO runs the network, on the CPU: an extra, faster than torch there."""

import threading
import warnings
from collections.abc import Callable

import torch

from tmdfeat.deep.precision import plain_float32
from tmdfeat.deep.tapped import Tapped

HINTS = {"float32": "f32", "bfloat16": "bf16"}

# How far a conversion may be off, as a share of the mean feature. Rounding is far below it;
# what only held for the images that the network was traced with is far above.
TOLERANCE = 0.01


def make_engine(
    tapped: Tapped, precision: str, size: int
) -> Callable[[torch.Tensor], torch.Tensor]:
    """Convert a network, compare it with torch's numbers, and make a callable of it.

    Parameters
    ----------
    tapped : Tapped
        In eval mode, float32, on the CPU. Not needed any more afterwards.
    precision : {"float32", "bfloat16"}
        What is computed with; features are float32.
    size : int
        Side S of the images to come, in pixels.

    Returns
    -------
    callable
        From grey images, float32 of shape (n, 1, S, S), to features, float32 of shape
        (n, columns), for any n. It uses as many threads as torch did when it was made.

    Raises
    ------
    ImportError
        If OpenVINO is not installed.
    ValueError
        If it cannot run this network, or this CPU does not compute in bfloat16.
    """
    core = _openvino().Core()
    _check_precision(core, precision)
    grey = torch.rand(3, 1, size, size, generator=torch.Generator().manual_seed(0))
    with plain_float32("cpu"), torch.inference_mode():
        expected = tapped(grey)  # outside of what follows, as its errors are not of OpenVINO
    try:
        model = _openvino().convert_model(_trace(tapped, grey[:2]), input=[-1, 1, size, size])
        engine = _compile(core, model, "float32")
        found = engine(grey)
    except Exception as error:  # RuntimeErrors, and OpenVINO's own, which share no class
        raise ValueError(
            f"OpenVINO cannot run this network: {error}. Use engine='torch'."
        ) from error
    _check_numbers(found, expected)
    return engine if precision == "float32" else _compile(core, model, precision)


def _openvino():
    try:
        import openvino
    except ImportError as error:
        raise ImportError(
            "engine='openvino' needs OpenVINO, which is not installed: "
            "pip install 'tmdfeat[openvino]'. engine='torch' needs nothing more."
        ) from error
    return openvino


def _check_precision(core, precision: str) -> None:
    # OpenVINO would silently compute in float32, or emulate bfloat16, which is slower still.
    if precision == "bfloat16" and "BF16" not in core.get_property(
        "CPU", "OPTIMIZATION_CAPABILITIES"
    ):
        raise ValueError(
            "precision='bfloat16' with engine='openvino' needs a CPU that computes in bfloat16 "
            f"(avx512_bf16 or AMX); {core.get_property('CPU', 'FULL_DEVICE_NAME')} does not. Use "
            "precision='float32'."
        )


def _trace(tapped: Tapped, example: torch.Tensor) -> torch.jit.ScriptModule:
    with plain_float32("cpu"), torch.inference_mode(), warnings.catch_warnings():
        # Torch recommends torch.export, which fixes the number of images with many networks, and
        # warns where a network looks at shapes: `_check_numbers` sees whether that matters.
        warnings.simplefilter("ignore", FutureWarning)
        warnings.simplefilter("ignore", torch.jit.TracerWarning)
        # Not by OpenVINO itself, which would run the network three times more.
        return torch.jit.trace(tapped, example, strict=False, check_trace=False)


def _compile(core, model, precision: str) -> Callable[[torch.Tensor], torch.Tensor]:
    settings = {
        "INFERENCE_PRECISION_HINT": HINTS[precision],
        "INFERENCE_NUM_THREADS": torch.get_num_threads(),
        "PERFORMANCE_HINT": "LATENCY",  # one batch at a time, on all threads
        "ENABLE_CPU_PINNING": False,  # several processes would be pinned to the same cores
    }
    request = core.compile_model(model, "CPU", settings).create_infer_request()
    one_at_a_time = threading.Lock()

    def run(grey: torch.Tensor) -> torch.Tensor:
        with one_at_a_time:
            (features,) = request.infer([grey.numpy()], share_inputs=True).values()
        return torch.from_numpy(features)

    return run


def _check_numbers(found: torch.Tensor, expected: torch.Tensor) -> None:
    if found.shape == expected.shape:
        difference = (found - expected).abs().mean()
        if difference <= TOLERANCE * expected.abs().mean():
            return
    raise ValueError(
        "OpenVINO's conversion of this network gives other numbers than torch. Does its forward "
        "look at images' values, count them, or compute outside of torch? Use engine='torch'."
    )
