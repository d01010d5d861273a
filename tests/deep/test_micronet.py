import pytest
import torchvision

from tmdfeat.deep.backbones import find_backbone
from tmdfeat.deep.micronet import BACKBONES, micronet_file, micronet_input

# Names of files as the authors publish them: the tables and util.py of
# https://github.com/nasa/pretrained-microscopy-models.
PUBLISHED = {
    ("resnet50", "micronet"): "resnet50_pretrained_microscopynet_v1.1.pth.tar",
    ("resnet50", "image-micronet"): "resnet50_pretrained_imagenet-microscopynet_v1.0.pth.tar",
    ("resnet18", "micronet"): "resnet18_pretrained_microscopynet_v1.0.pth.tar",
    ("vgg16_bn", "image-micronet"): "vgg16_bn_pretrained_imagenet-microscopynet_v1.0.pth.tar",
    ("resnext101_32x8d", "micronet"): "resnext101_pretrained_microscopynet_v1.0.pth.tar",
}


@pytest.mark.parametrize(("wanted", "file"), PUBLISHED.items())
def test_files_are_named_as_they_are_published(wanted, file):
    assert micronet_file(*wanted) == file


def test_a_file_without_known_address_is_not_replaced_by_another():
    with pytest.raises(ValueError, match=r"no weights 'image-micronet' for resnext101_32x8d"):
        micronet_file("resnext101_32x8d", "image-micronet")


def test_backbones_that_were_not_trained_on_it_are_told_those_that_were():
    with pytest.raises(ValueError, match=r"no weights 'micronet' for squeezenet1_0.*resnet18"):
        micronet_file("squeezenet1_0", "micronet")


@pytest.mark.parametrize("weights", ["default", "IMAGENET1K_V1", "net.pth", None])
def test_other_weights_are_not_meant(weights):
    assert micronet_file("resnet18", weights) is None
    assert micronet_input("resnet18", weights) is None


def test_all_backbones_are_torchvisions():
    assert set(BACKBONES) <= set(torchvision.models.list_models(module=torchvision.models))


@pytest.mark.parametrize(
    "weights",
    [
        "micronet",
        "image-micronet",
        "some/folder/resnet50_pretrained_microscopynet_v1.0.pth.tar",
        "https://huggingface.co/jstuckner/microscopy-resnet50-micronet/resolve/main/"
        "resnet50_micronet_weights.pth",
    ],
)
def test_the_input_is_that_of_the_authors_model_cards(weights):
    backbone = find_backbone("resnet50", weights)
    assert backbone.mean == (0.485, 0.456, 0.406)
    assert backbone.std == (0.229, 0.224, 0.225)
    assert backbone.size == 224
    assert micronet_input("resnet50", weights) is not None
