import pytest
import torchvision
from deep.tiny import tiny

from tmdfeat.deep.backbones import find_backbone
from tmdfeat.deep.weights_hashes import HASH_IN_NAME
from tmdfeat.deep.weights_sources import (
    address_source,
    find_source,
    published,
    source_by_name,
    weights_names,
)

MICRONET = "https://nasa-public-data.s3.amazonaws.com/microscopy_segmentation_models/"


@pytest.mark.parametrize("name", ["resnet18", "resnet18/default", "resnet18/IMAGENET1K_V1"])
def test_torchvisions_files_are_known_with_their_hash(name):
    source = source_by_name(name)
    assert source.file == "resnet18-f37072fd.pth"
    assert source.url == "https://download.pytorch.org/models/resnet18-f37072fd.pth"
    assert source.sha256 == "f37072fd"


def test_micronets_files_are_known_without_hash():
    source = source_by_name("resnet50/micronet")
    assert source.url == MICRONET + "resnet50_pretrained_microscopynet_v1.1.pth.tar"
    assert source.sha256 is None


def test_timms_files_are_known_by_their_names():
    pytest.importorskip("timm", reason="the extra timm is not installed")
    source = source_by_name("timm/resnet18.a1_in1k")
    assert source.file == "timm/resnet18.a1_in1k.safetensors"
    assert source.url.startswith("https://huggingface.co/timm/resnet18.a1_in1k/")
    with pytest.raises(ValueError, match="a network of timm, got 'timm/resnet81'"):
        source_by_name("timm/resnet81")


def test_addresses_are_names():
    source = source_by_name("https://example.org/a/net.safetensors")
    assert source == (
        "example.org/a/net.safetensors",
        "https://example.org/a/net.safetensors",
        None,
    )


def test_an_unsafe_address_needs_a_hash():
    assert address_source("http://example.org/net.pth#sha256=0123abcd").sha256 == "0123abcd"
    with pytest.raises(ValueError, match=r"http://example.org/net.pth could be replaced"):
        address_source("http://example.org/net.pth")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("resnet81", "Did you mean"),
        ("resnet18/IMAGENET1K_V7", "resnet18 has IMAGENET1K_V1, micronet, image-micronet"),
        ("squeezenet1_0/net.pth", "squeezenet1_0 has IMAGENET1K_V1. Or give"),
        ("squeezenet1_0/micronet", "no weights 'micronet' for squeezenet1_0"),
    ],
)
def test_names_of_nothing_are_answered_with_what_there_is(name, message):
    with pytest.raises(ValueError, match=message):
        source_by_name(name)


def test_factories_have_no_published_weights_but_take_addresses():
    backbone = find_backbone(tiny, None)
    assert find_source(backbone, "default") is None
    assert find_source(backbone, "micronet") is None
    assert find_source(backbone, "https://example.org/net.pth").url == "https://example.org/net.pth"


def test_names_are_what_weights_takes():
    assert weights_names("resnext101_32x8d")[-1] == "micronet"
    for name in weights_names("resnet50"):
        assert find_source(find_backbone("resnet50", None), name) is not None


def test_every_published_file_of_torchvision_names_its_hash():
    # The way the hash is read from the name relies on it.
    files = published()
    for name in torchvision.models.list_models(module=torchvision.models):
        for entry in torchvision.models.get_model_weights(name):
            file = entry.url.rsplit("/", 1)[-1]
            assert files[file][0] == f"{name}/{entry.name}"
            assert files[file][1].sha256 == HASH_IN_NAME.search(file)[1]
