from importlib.metadata import version

import numpy as np
import pytest
import safetensors.torch
import torch
from sklearn.base import clone

from tmdfeat import CNNFeatures
from tmdfeat.deep import plan
from tmdfeat.deep.backbones import build_seeded, find_backbone

timm = pytest.importorskip("timm", reason="an extra: pip install 'tmdfeat[timm]'")

SCANS = list(np.random.default_rng(0).normal(size=(2, 40, 40)))


@pytest.mark.parametrize(
    ("name", "size", "mean"),
    [
        # https://huggingface.co/timm/resnet18.a1_in1k: images 224x224, ImageNet's mean
        ("timm/resnet18.a1_in1k", 224, (0.485, 0.456, 0.406)),
        # https://huggingface.co/timm/vit_base_patch16_clip_384.openai_ft_in1k: OpenAI's
        ("timm/vit_base_patch16_clip_384.openai_ft_in1k", 384, (0.48145466, 0.4578275, 0.40821073)),
        ("timm/test_vit.r160_in1k", 160, (0.5, 0.5, 0.5)),
    ],
)
def test_size_and_normalisation_are_those_of_the_weights(name, size, mean):
    backbone = find_backbone(name, "default")
    assert (backbone.name, backbone.size, backbone.mean) == (name, size, mean)
    assert backbone.channels == 3


def test_a_name_without_tag_means_the_first_tag():
    assert find_backbone("timm/resnet18", None) == find_backbone("timm/resnet18.a1_in1k", None)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("timm/resnet81", "Did you mean .*'timm/resnet18'"),
        ("timm/resnet18.a9_in1k", r"Did you mean .*'timm/resnet18.a1_in1k'"),
        ("timm/", r"backbone_names\('timm/\*'\)"),
    ],
)
def test_unknown_names_are_answered_with_near_ones(name, message):
    with pytest.raises(ValueError, match=message):
        find_backbone(name, None)


def test_networks_for_oblong_images_are_refused():
    with pytest.raises(ValueError, match=r"\(3, 1024, 768\).*square images of three channels"):
        find_backbone("timm/vit_base_patch16_sapiens2.fb", None)


@pytest.mark.parametrize(
    "name",
    [  # one of each way in which timm ends its networks
        "timm/test_resnet",  # global pooling, then fc
        "timm/test_convnext",  # a norm after pooling
        "timm/test_efficientnet",  # maps become wider before pooling
        "timm/test_vit",  # class token
        "timm/mobilenetv3_small_050",  # a layer between pooling and classifier
        "timm/levit_128s",  # two classifiers, with norms
        pytest.param("timm/efficientvit_b0", marks=pytest.mark.slow),
        pytest.param("timm/efficientvit_m0", marks=pytest.mark.slow),
        pytest.param("timm/lambda_resnet26t", marks=pytest.mark.slow),  # convolves volumes
        pytest.param("timm/poolformer_s12", marks=pytest.mark.slow),
        pytest.param("timm/convformer_s18", marks=pytest.mark.slow),
        pytest.param("timm/repvit_m0_9", marks=pytest.mark.slow),
        pytest.param("timm/shvit_s1", marks=pytest.mark.slow),
        pytest.param("timm/swin_tiny_patch4_window7_224", marks=pytest.mark.slow),
        pytest.param("timm/test_maxvit", marks=pytest.mark.slow),
        pytest.param("timm/test_nfnet", marks=pytest.mark.slow),
    ],
)
def test_pool_is_what_timms_classifier_sees(name):
    cnn = CNNFeatures(name, weights=None, cache=None)
    found = cnn.fit_transform(SCANS)
    backbone = find_backbone(name, None)
    module = build_seeded(backbone, 0)
    grey = torch.stack([cnn_input(scan, backbone.size) for scan in SCANS])
    mean, std = (torch.tensor(values)[:, None, None] for values in (backbone.mean, backbone.std))
    with torch.inference_mode():
        maps = module.forward_features((grey - mean) / std)
        expected = module.forward_head(maps, pre_logits=True).numpy()
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-5 * np.abs(expected).max())


def cnn_input(scan, size):
    low, high = np.percentile(scan, [0.5, 99.5])
    grey = torch.tensor(np.clip((scan - low) / (high - low), 0, 1), dtype=torch.float32)
    return torch.nn.functional.interpolate(
        grey[None, None], (size, size), mode="bilinear", antialias=True, align_corners=False
    )[0]


def test_stages_and_modules_are_layers():
    cnn = CNNFeatures("timm/test_resnet", weights=None, layers=("stage2", "layer2", "pool"))
    features = cnn.fit_transform(SCANS)
    names = list(cnn.get_feature_names_out())
    stage = [name.startswith("timm/test_resnet.r160_in1k.stage2_") for name in names]
    layer = [name.startswith("timm/test_resnet.r160_in1k.layer2_") for name in names]
    assert sum(stage) == sum(layer) > 0
    np.testing.assert_array_equal(features[:, stage], features[:, layer])


def test_it_is_an_estimator_like_any_other():
    cnn = CNNFeatures("timm/test_convnext", weights=None)
    first = cnn.fit_transform(SCANS)
    other = clone(cnn).set_params(backbone="timm/test_vit").fit(SCANS)
    np.testing.assert_array_equal(clone(cnn).fit_transform(SCANS), first)
    assert len(other.get_feature_names_out()) == other.transform(SCANS).shape[1]


def test_features_of_another_version_of_timm_are_not_reused(passed, monkeypatch):
    monkeypatch.setattr(plan, "_versions", plan._versions.__wrapped__)
    cnn = CNNFeatures("timm/test_resnet", weights=None)
    for _ in range(2):
        cnn.fit_transform(SCANS)
    assert sum(passed) == len(SCANS)
    monkeypatch.setattr(plan, "version", lambda name: "9.9" if name == "timm" else version(name))
    cnn.fit_transform(SCANS)
    assert sum(passed) == 2 * len(SCANS)


def saved(name, path, seed=3):
    """Weights of timm's own making: another seed than ours, so that loading them shows."""
    torch.manual_seed(seed)
    module = timm.create_model(name).eval()
    safetensors.torch.save_file(module.state_dict(), path)
    return module


def test_weights_load_from_a_file(tmp_path):
    module = saved("test_vit", tmp_path / "file.safetensors")
    cnn = CNNFeatures("timm/test_vit", weights=tmp_path / "file.safetensors", layers=("head",))
    backbone = find_backbone("timm/test_vit", None)
    grey = torch.stack([cnn_input(scan, backbone.size) for scan in SCANS])
    with torch.inference_mode():
        expected = module(((grey - 0.5) / 0.5).expand(-1, 3, -1, -1)).numpy()
    np.testing.assert_allclose(cnn.fit_transform(SCANS), expected, rtol=1e-3, atol=1e-5)


def test_files_in_terms_of_older_versions_of_timm_are_translated(tmp_path):
    present, older = tmp_path / "present.safetensors", tmp_path / "older.safetensors"
    state = saved("test_vit", present).state_dict()
    # Patches were once embedded by a matrix, now by a convolution.
    matrix = state["patch_embed.proj.weight"].flatten(1)
    safetensors.torch.save_file({**state, "patch_embed.proj.weight": matrix}, older)
    first, second = (
        CNNFeatures("timm/test_vit", weights=path, cache=None).fit_transform(SCANS)
        for path in (present, older)
    )
    np.testing.assert_array_equal(first, second)


def test_weights_of_another_network_say_what_does_not_fit(tmp_path):
    saved("test_resnet", tmp_path / "file.safetensors")
    with pytest.raises(ValueError, match=r"do not fit timm/test_vit.r160_in1k.*missing"):
        CNNFeatures("timm/test_vit", weights=tmp_path / "file.safetensors").fit(SCANS)
