import numpy as np
import pytest
import torch
from deep.tiny import Tiny, tiny
from numpy.testing import assert_array_equal
from torch import nn

from tmdfeat import CNNFeatures
from tmdfeat.deep import networks, survey
from tmdfeat.deep.backbones import build_seeded, find_backbone
from tmdfeat.deep.precision import OPERATIONS, plain_float32

NEW = hasattr(torch.backends, "fp32_precision")
needs_new = pytest.mark.skipif(not NEW, reason="torch before 2.9 has one setting for all")
SCANS = np.random.default_rng(0).normal(size=(3, 30, 30))


def new_setting(backend, operation):
    return getattr(getattr(torch.backends, backend), operation)


def read(setting):
    try:
        return setting()
    except RuntimeError:
        return "contradicts the newer settings"


def settings():
    """Everything that lets torch compute float32 with less, as it stands now."""
    found = {
        "dtype": torch.get_default_dtype(),
        "autocast": torch.is_autocast_enabled("cpu"),
        "matmul": read(torch.get_float32_matmul_precision),
        "convolution": read(lambda: torch.backends.cudnn.allow_tf32),
    }
    if NEW:
        found |= {names: new_setting(*names).fp32_precision for names in OPERATIONS}
        found["all"] = torch.backends.fp32_precision
    return found


PLAIN = {
    "dtype": torch.float32,
    "autocast": False,
    "matmul": "highest",
    "convolution": False,
} | (dict.fromkeys(OPERATIONS, "ieee") if NEW else {})


@pytest.fixture(autouse=True)
def _settings_put_back():
    newer = [
        (new_setting(*names), new_setting(*names).fp32_precision) for names in OPERATIONS * NEW
    ]
    yield
    torch.set_default_dtype(torch.float32)
    if NEW:
        torch.backends.fp32_precision = "none"
    torch.set_float32_matmul_precision("highest")
    torch.backends.cudnn.allow_tf32 = True
    for setting, value in newer:
        setting.fp32_precision = value


def allow_tf32_everywhere():
    torch.backends.fp32_precision = "tf32"


def allow_tf32_in_convolutions():
    new_setting("cudnn", "conv").fp32_precision = "tf32"
    new_setting("cuda", "matmul").fp32_precision = "tf32"


SITUATIONS = [
    pytest.param(lambda: None, id="nothing set"),
    pytest.param(lambda: torch.set_float32_matmul_precision("medium"), id="matmul medium"),
    pytest.param(lambda: setattr(torch.backends.cudnn, "allow_tf32", False), id="cudnn without"),
    pytest.param(lambda: torch.set_default_dtype(torch.float64), id="float64 by default"),
    pytest.param(allow_tf32_everywhere, marks=needs_new, id="tf32 everywhere"),
    pytest.param(allow_tf32_in_convolutions, marks=needs_new, id="tf32 in convolutions"),
]


class Recording(Tiny):
    seen: list = []

    def __init__(self):
        super().__init__()
        Recording.seen.append(settings())

    def forward(self, x):
        if torch.is_tensor(x):  # not what stands for one while only the structure is looked at
            Recording.seen.append(settings())
        return super().forward(x)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_networks_are_built_and_run_in_plain_float32_and_settings_come_back(situation):
    networks.load_network.cache_clear()
    survey.survey.cache_clear()
    Recording.seen.clear()
    situation()
    with torch.autocast("cpu", torch.bfloat16):
        before = settings()
        CNNFeatures(Recording, weights=None, device="cpu", cache=None).fit_transform(SCANS)
        assert settings() == before
    assert len(Recording.seen) == 4  # built and run, for the number of columns and for numbers
    for seen in Recording.seen:
        assert {name: seen[name] for name in PLAIN} == PLAIN


@pytest.mark.parametrize("situation", SITUATIONS)
def test_settings_come_back_after_an_error(situation):
    situation()
    before = settings()
    with pytest.raises(ZeroDivisionError), plain_float32("cpu"):
        1 / 0  # noqa: B018
    assert settings() == before


@needs_new
def test_what_was_inherited_is_inherited_again():
    torch.backends.fp32_precision = "tf32"
    with plain_float32("cpu"):
        pass
    torch.backends.fp32_precision = "ieee"
    assert new_setting("mkldnn", "conv").fp32_precision == "ieee"


@pytest.mark.parametrize(
    "around",
    [
        lambda: torch.autocast("cpu", torch.bfloat16),
        lambda: plain_default(torch.float64),
    ],
    ids=["autocast", "float64 by default"],
)
def test_features_do_not_depend_on_the_precision_around(around):
    cnn = CNNFeatures(tiny, weights=None, device="cpu", cache=None)
    expected = cnn.fit_transform(SCANS)
    networks.load_network.cache_clear()
    survey.survey.cache_clear()
    with around():
        assert_array_equal(cnn.fit_transform(SCANS), expected)


class plain_default:
    def __init__(self, dtype):
        self.dtype = dtype

    def __enter__(self):
        torch.set_default_dtype(self.dtype)

    def __exit__(self, *_):
        torch.set_default_dtype(torch.float32)


def double():
    return nn.Sequential(nn.Conv2d(3, 2, 3).double())


def test_networks_that_are_not_float32_are_refused_with_the_way_out():
    with pytest.raises(TypeError, match=r"'double'.*'0.weight' is torch.float64.*\.float\(\)"):
        build_seeded(find_backbone(double, None), 0)
