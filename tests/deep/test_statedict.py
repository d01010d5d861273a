import os
import re

import numpy as np
import pytest
import safetensors.torch
import torch
import torchvision
from deep.tiny import Tiny, tiny

from tmdfeat import CNNFeatures
from tmdfeat.deep.backbones import build_seeded, find_backbone
from tmdfeat.deep.statedict import load_weights

SCANS = list(np.random.default_rng(0).normal(size=(2, 30, 30)))


@pytest.fixture
def state():
    torch.manual_seed(6)
    return Tiny().state_dict()


def features(path):
    return CNNFeatures(tiny, weights=path, cache=None).fit_transform(SCANS)


def test_pth_and_safetensors_of_one_network_agree(state, tmp_path):
    torch.save(state, tmp_path / "tiny.pth")
    safetensors.torch.save_file(state, tmp_path / "tiny.safetensors")
    expected = features(tmp_path / "tiny.pth")
    np.testing.assert_array_equal(features(tmp_path / "tiny.safetensors"), expected)
    assert not np.allclose(expected, CNNFeatures(tiny, weights=None).fit_transform(SCANS))


def test_a_prefix_of_data_parallel_training_is_dropped(state, tmp_path):
    torch.save(state, tmp_path / "tiny.pth")
    wrapped = {f"module.{name}": tensor for name, tensor in state.items()}
    torch.save(wrapped, tmp_path / "wrapped.pth")
    np.testing.assert_array_equal(
        features(tmp_path / "wrapped.pth"), features(tmp_path / "tiny.pth")
    )


def test_half_precision_files_are_computed_with_in_float32(state, tmp_path):
    halves = {n: t.half() if t.is_floating_point() else t for n, t in state.items()}
    torch.save(halves, tmp_path / "half.pth")
    module = build_seeded(find_backbone(tiny, None), 0)
    load_weights(module, tmp_path / "half.pth", find_backbone(tiny, None))
    assert module.conv.weight.dtype == torch.float32


class Payload:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (os.mkdir, (self.path,))


def test_files_that_would_run_code_are_refused_and_run_nothing(state, tmp_path):
    trace = tmp_path / "trace"
    torch.save({**state, "extra": Payload(str(trace))}, tmp_path / "bad.pth")
    with pytest.raises(ValueError, match=r"bad\.pth is no plain state dict.*refuses"):
        features(tmp_path / "bad.pth")
    assert not trace.exists()


def test_a_whole_pickled_network_is_refused(tmp_path):
    torch.save(Tiny(), tmp_path / "network.pth")
    with pytest.raises(ValueError, match=r"state_dict\(\)"):
        features(tmp_path / "network.pth")


def test_a_checkpoint_around_a_state_dict_is_named(state, tmp_path):
    torch.save({"epoch": 3, "state_dict": dict(state)}, tmp_path / "checkpoint.pth")
    with pytest.raises(ValueError, match=r"must hold a state dict.*'epoch', 'state_dict'"):
        features(tmp_path / "checkpoint.pth")


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
@pytest.mark.parametrize("kept", [0, 0.5, 0.95])
def test_files_that_were_cut_off_are_refused(suffix, kept, state, tmp_path):
    path = tmp_path / f"tiny{suffix}"
    if suffix == ".pth":
        torch.save(state, path)
    else:
        safetensors.torch.save_file(state, path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(kept * len(whole))])
    with pytest.raises(ValueError, match=f"{re.escape(path.name)} .*(damaged|cut off)"):
        features(path)


def test_weights_of_another_network_name_a_layer(shared):
    path = shared / "weights" / "mobilenet_v2.pth"
    with pytest.raises(ValueError, match=r"mobilenet_v2.pth do not fit squeezenet1_0: .*features"):
        CNNFeatures("squeezenet1_0", weights=path).fit(SCANS)


def test_misfits_name_the_first_layer_and_both_shapes(state, tmp_path):
    state["conv.weight"] = torch.zeros(6, 1, 16, 16)
    state["head.weight"] = state.pop("fc.weight")
    torch.save(state, tmp_path / "tiny.pth")
    with pytest.raises(ValueError) as caught:
        features(tmp_path / "tiny.pth")
    for part in (
        "'conv.weight' (network (6, 3, 16, 16), file (6, 1, 16, 16))",
        "missing, first 'fc.weight'",
        "unknown, first 'head.weight'",
    ):
        assert part in str(caught.value)


def test_densenets_published_files_with_their_old_names_fit(tmp_path):
    backbone = find_backbone("densenet121", "default")
    module = torchvision.models.densenet121(weights=None)
    old = {
        re.sub(r"(denselayer\d+\.(?:norm|conv))([12])", r"\1.\2", name): tensor
        for name, tensor in module.state_dict().items()
    }
    assert "features.denseblock1.denselayer1.norm.1.weight" in old
    torch.save(old, tmp_path / "densenet.pth")
    loaded = build_seeded(backbone, 0)
    load_weights(loaded, tmp_path / "densenet.pth", backbone)
    assert torch.equal(loaded.classifier.weight, module.classifier.weight)


def test_googlenets_published_file_with_its_training_heads_fits(tmp_path):
    backbone = find_backbone("googlenet", "default")
    module = torchvision.models.googlenet(weights=None, aux_logits=True, init_weights=False)
    assert "aux1.conv.conv.weight" in module.state_dict()
    torch.save(module.state_dict(), tmp_path / "googlenet.pth")
    loaded = build_seeded(backbone, 0)
    load_weights(loaded, tmp_path / "googlenet.pth", backbone)
    assert torch.equal(loaded.fc.weight, module.fc.weight)


def resnet(state, tmp_path, taps=("pool",)):
    torch.save(state, tmp_path / "net.pth")
    return CNNFeatures("resnet18", weights=tmp_path / "net.pth", layers=taps, cache=None)


@pytest.fixture
def resnet_state():
    torch.manual_seed(3)
    return torchvision.models.resnet18(weights=None).state_dict()


def test_a_file_without_the_head_gives_all_layers_but_the_head(resnet_state, tmp_path):
    expected = resnet(resnet_state, tmp_path).fit_transform(SCANS)
    encoder = {n: t for n, t in resnet_state.items() if not n.startswith("fc.")}
    np.testing.assert_array_equal(resnet(encoder, tmp_path).fit_transform(SCANS), expected)
    with pytest.raises(ValueError, match=r"net\.pth has no weights for 'fc'"):
        resnet(encoder, tmp_path, ("pool", "fc")).fit_transform(SCANS)


def test_half_a_head_is_a_misfit(resnet_state, tmp_path):
    del resnet_state["fc.bias"]
    with pytest.raises(ValueError, match=r"missing, first 'fc\.bias'"):
        resnet(resnet_state, tmp_path).fit(SCANS)


def test_a_missing_stage_is_no_missing_head(resnet_state, tmp_path):
    rest = {n: t for n, t in resnet_state.items() if not n.startswith("layer4.")}
    with pytest.raises(ValueError, match=r"missing, first 'layer4\.0\.conv1\.weight'"):
        resnet(rest, tmp_path).fit(SCANS)


def test_factories_heads_must_be_in_the_file(state, tmp_path):
    torch.save({n: t for n, t in state.items() if not n.startswith("fc.")}, tmp_path / "tiny.pth")
    with pytest.raises(ValueError, match=r"missing, first 'fc\.weight'"):
        features(tmp_path / "tiny.pth")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_not_finite_are_refused(state, tmp_path, value):
    state["conv.weight"][0, 0, 0, 0] = value
    torch.save(state, tmp_path / "tiny.pth")
    with pytest.raises(ValueError, match=r"tiny\.pth holds NaN or infinite.*'conv\.weight'"):
        features(tmp_path / "tiny.pth")


def test_convolutions_that_were_trained_in_parallel_fit(tmp_path):
    backbone = find_backbone("squeezenet1_1", "default")
    module = build_seeded(backbone, 1)
    wrapped = {
        name.replace("features.", "features.module.", 1): tensor
        for name, tensor in module.state_dict().items()
    }
    assert "features.module.0.weight" in wrapped
    torch.save(wrapped, tmp_path / "net.pth.tar")
    loaded = build_seeded(backbone, 0)
    load_weights(loaded, tmp_path / "net.pth.tar", backbone)
    assert torch.equal(loaded.features[0].weight, module.features[0].weight)


def test_files_in_torchs_old_format_are_read(state, tmp_path):
    torch.save(state, tmp_path / "new.pth")
    torch.save(state, tmp_path / "old.pth.tar", _use_new_zipfile_serialization=False)
    np.testing.assert_array_equal(
        features(tmp_path / "old.pth.tar"), features(tmp_path / "new.pth")
    )
