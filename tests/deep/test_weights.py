import hashlib

import numpy as np
import pytest
import torch
import torchvision
from deep.tiny import Tiny, tiny

from tmdfeat import CNNFeatures
from tmdfeat.deep import WeightsUnavailable
from tmdfeat.deep.backbones import find_backbone
from tmdfeat.deep.weights import find_weights
from tmdfeat.deep.weights_folder import torch_folder
from tmdfeat.deep.weights_hashes import record_hash

SCANS = list(np.random.default_rng(0).normal(size=(2, 30, 30)))


def find(weights, backbone="squeezenet1_1"):
    return find_weights(find_backbone(backbone, weights), weights).path


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_missing_weights_without_internet_say_what_and_where(home, site, state_file):
    site.status = 503
    with pytest.raises(WeightsUnavailable) as caught:
        CNNFeatures("squeezenet1_1").fit(SCANS)
    name = state_file.name
    for part in (
        f"begins with {name[14:22]}",
        f"from {site.url}/{name}: HTTP Error 503",
        str(home),
        str(torch_folder()),
        f"tmdfeat weights import {name}",
        "TMDFEAT_WEIGHTS",
        "TORCH_HOME",
        "weights='path/to/file.pth'",
    ):
        assert part in str(caught.value)


def test_missing_weights_are_downloaded_once_and_checked(home, site, state_file):
    for _ in range(2):
        CNNFeatures("squeezenet1_1").fit_transform(SCANS)
    assert len(site.asked) == 1
    assert (home / state_file.name).read_bytes() == state_file.read_bytes()


@pytest.mark.parametrize("own", [True, False])
def test_a_file_put_into_a_folder_is_used(home, site, state_file, own):
    place = home if own else torch_folder()
    place.mkdir(parents=True)
    (place / state_file.name).write_bytes(state_file.read_bytes())
    for weights in ("default", "IMAGENET1K_V1", "SqueezeNet1_1_Weights.IMAGENET1K_V1"):
        assert find(weights) == place / state_file.name
    assert site.asked == []


def test_a_half_file_in_the_folder_is_noticed(home, site, state_file):
    home.mkdir()
    whole = state_file.read_bytes()
    (home / state_file.name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match=f"{state_file.name} is damaged.*Delete it"):
        CNNFeatures("squeezenet1_1").fit(SCANS)


def test_a_download_with_the_wrong_hash_is_refused(home, site, state_file):
    site.body = b"PK\x03\x04 another file"
    with pytest.raises(WeightsUnavailable, match=r"its SHA-256 should begin with"):
        find("default")
    assert not (home / state_file.name).exists()


def test_a_broken_download_goes_on_in_the_next_run(site):
    site.cut_after = [1_000_000, 0, 0, 0]
    with pytest.raises(WeightsUnavailable, match="connection broke after 1000000 of"):
        find("default")
    site.cut_after.clear()
    assert find("default").read_bytes() == site.body
    assert site.asked[-1] == "bytes=1000000-"


def test_addresses_are_downloaded_into_the_folder(home, site):
    url = f"{site.url}/v1/net.pth#sha256={hashlib.sha256(site.body).hexdigest()}"
    path = home / site.url.removeprefix("http://").replace(":", "_") / "v1" / "net.pth"
    assert find(url) == path
    assert find(url) == path
    assert len(site.asked) == 1


def test_an_address_that_does_not_answer_is_told_with_how_to_import_it(home, site):
    site.status = 404
    url = f"{site.url}/net.pth#sha256=0123abcd"
    with pytest.raises(WeightsUnavailable, match=rf"weights import net.pth --name {site.url}/net"):
        find(url)


def test_a_factory_takes_addresses_too(home, site, tmp_path):
    torch.save(Tiny().state_dict(), tmp_path / "tiny.pth")
    site.body = (tmp_path / "tiny.pth").read_bytes()
    url = f"{site.url}/tiny.pth#sha256={digest(tmp_path / 'tiny.pth')[:12]}"
    features = CNNFeatures(tiny, weights=url, cache=None).fit_transform(SCANS)
    expected = CNNFeatures(tiny, weights=tmp_path / "tiny.pth", cache=None).fit_transform(SCANS)
    np.testing.assert_array_equal(features, expected)


def test_the_hash_of_an_address_is_checked_again_on_each_use(home, site):
    url = f"{site.url}/net.pth#sha256={hashlib.sha256(site.body).hexdigest()}"
    path = find(url)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match=r"net\.pth is damaged"):
        find(url)


def test_micronets_are_downloaded_by_name_and_computed_with(home, site, tmp_path):
    torch.manual_seed(2)
    torch.save(torchvision.models.resnet18(weights=None).state_dict(), tmp_path / "net.pth")
    site.body = (tmp_path / "net.pth").read_bytes()
    by_name = CNNFeatures("resnet18", weights="micronet", cache=None).fit_transform(SCANS)
    by_path = CNNFeatures("resnet18", weights=tmp_path / "net.pth", cache=None).fit_transform(SCANS)
    np.testing.assert_array_equal(by_name, by_path)
    assert (home / "resnet18_pretrained_microscopynet_v1.0.pth.tar").is_file()


def test_weights_without_a_published_hash_must_stay_as_they_came(home, site):
    path = find("micronet", "resnet18")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match=r"microscopynet_v1.0.pth.tar is damaged"):
        find("micronet", "resnet18")


def test_names_are_known_without_weights(site):
    assert len(CNNFeatures("squeezenet1_1").get_feature_names_out()) == 512
    assert site.asked == []


@pytest.mark.parametrize(
    ("weights", "error", "message"),
    [
        ("IMAGENET1K_V7", ValueError, r"\['IMAGENET1K_V1', 'micronet', .*'IMAGENET1K_V7'"),
        ("ResNet50_Weights.IMAGENET1K_V2", ValueError, "neither such a name nor a file"),
        ("nowhere.pth", FileNotFoundError, "no file 'nowhere.pth', neither here nor in "),
        ("some/folder/file", FileNotFoundError, r"no file 'some/folder/file'\."),
        (3, TypeError, "an address or None, got int"),
        ("http://example.org/net.pth", ValueError, "could be replaced on the way: take https"),
        ("net.pth#sha256=short", ValueError, "8 to 64 hexadecimal digits, got 'short'"),
    ],
)
def test_weights_that_are_nothing_known_are_refused(home, weights, error, message):
    with pytest.raises(error, match=message):
        find(weights, "resnet18")


def test_a_directory_is_no_file_of_weights(tmp_path):
    with pytest.raises(FileNotFoundError, match="no file"):
        find(tmp_path, "resnet18")


def test_a_file_in_the_folder_is_found_by_its_name(home):
    home.mkdir()
    (home / "mine.pth").write_bytes(b"x")
    assert find("mine.pth") == home / "mine.pth"


@pytest.mark.parametrize("how", ["fragment", "name", "beside"])
def test_hashes_of_local_files_are_checked(tmp_path, how):
    path = tmp_path / "net.pth"
    path.write_bytes(b"whole")
    known = digest(path)
    if how == "name":
        path = path.rename(tmp_path / f"net-{known[:8]}.pth")
    if how == "beside":
        record_hash(path, known)
    weights = f"{path}#sha256={known[:10]}" if how == "fragment" else path
    assert find(weights) == path
    path.write_bytes(b"damaged")
    with pytest.raises(ValueError, match=f"is damaged.*should begin with {known[:8]}"):
        find(weights)


def test_factories_load_paths(tmp_path):
    torch.save(Tiny().state_dict(), tmp_path / "tiny.pth")
    found = find_weights(find_backbone(tiny, None), str(tmp_path / "tiny.pth"))
    assert found.path == tmp_path / "tiny.pth"


def test_factories_have_no_default_weights():
    with pytest.raises(ValueError, match="'tiny' has no default weights"):
        find("default", tiny)
