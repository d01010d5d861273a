import math

import pytest
import torch
import torchvision
from torch.utils.flop_counter import FlopCounterMode

from tmdfeat.deep import backbone_names, list_backbones
from tmdfeat.deep.backbones import build_on_meta, find_backbone
from tmdfeat.deep.listing import COLUMNS
from tmdfeat.deep.widths import WIDTHS


def row(name):
    return list_backbones(name).set_index("name").loc[name]


def operations(name):
    """Operations for one image, counted by torch while the network runs without numbers."""
    backbone = find_backbone(name, None)
    module = build_on_meta(backbone)
    image = torch.zeros(1, 3, backbone.size, backbone.size, device="meta")
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        module(image)
    return counter.get_total_flops() / 1e9


def test_each_network_has_a_row():
    table = list_backbones()
    assert table["name"].tolist() == backbone_names()
    assert table.columns.tolist() == list(COLUMNS)
    assert set(table["source"]) == {"tmdfeat", "torchvision"}
    assert not table.isna().any(axis=None)


def test_resnet18_is_what_torchvision_says_it_is():
    found = row("resnet18")
    # https://pytorch.org/vision/stable/models/generated/torchvision.models.resnet18.html:
    # 11,689,512 parameters, 1.81 billion multiply-adds, 44.7 MiB
    assert found["parameters_M"] == pytest.approx(11.689512)
    assert found["gflops"] == pytest.approx(2 * 1.81, rel=0.005)
    assert found["weights_MB"] == pytest.approx(44.7 * 2**20 / 1e6, rel=0.005)
    assert (found["columns"], found["size"], found["weights"]) == (512, 224, "IMAGENET1K_V1")


@pytest.mark.parametrize("name", ["squeezenet1_1", "mobilenet_v3_small", "vit_b_32", "swin_t"])
def test_operations_are_those_that_torch_counts(name):
    # torchvision gives multiply-adds to three digits
    assert row(name)["gflops"] == pytest.approx(operations(name), abs=0.001)


def test_networks_without_a_known_width_are_run(monkeypatch):
    monkeypatch.delitem(WIDTHS, "squeezenet1_1")
    assert row("squeezenet1_1")["columns"] == 512


def test_parameters_are_those_of_the_network():
    expected = sum(p.numel() for p in torchvision.models.mobilenet_v3_small().parameters())
    assert row("mobilenet_v3_small")["parameters_M"] == expected / 1e6


def test_weights_on_this_machine_are_marked(tmp_path, monkeypatch):
    monkeypatch.setenv("TMDFEAT_WEIGHTS", str(tmp_path / "weights"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    table = list_backbones().set_index("name")
    assert table.index[table["local"]].tolist() == ["surfacenet"]  # that in the package
    folder = tmp_path / "torch" / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    (folder / "squeezenet1_1-b8a52dc0.pth").touch()
    table = list_backbones()
    assert table["name"][table["local"]].tolist() == ["squeezenet1_1", "surfacenet"]


def test_patterns_without_a_match_give_an_empty_table():
    table = list_backbones("resnet81")
    assert len(table) == 0
    assert table.columns.tolist() == list(COLUMNS)


class TestTimm:
    @pytest.fixture(autouse=True)
    def _timm(self):
        pytest.importorskip("timm", reason="an extra: pip install 'tmdfeat[timm]'")

    def test_the_same_network_costs_the_same_in_both_libraries(self):
        timm, torchvision = row("timm/resnet18.a1_in1k"), row("resnet18")
        same = ["columns", "size", "parameters_M", "weights_MB"]
        assert timm["source"] == "timm"
        for column in same:
            assert timm[column] == pytest.approx(torchvision[column], rel=0.001)
        assert timm["gflops"] == pytest.approx(torchvision["gflops"], rel=0.005)

    def test_networks_without_weights_are_listed_without(self):
        found = row("timm/test_vit4")
        assert found["weights"] == ""
        assert math.isnan(found["weights_MB"])
        assert not found["local"]

    def test_weights_in_the_weights_folder_are_marked(self, tmp_path, monkeypatch):
        monkeypatch.setenv("TMDFEAT_WEIGHTS", str(tmp_path))
        assert not row("timm/test_vit.r160_in1k")["local"]
        (tmp_path / "timm").mkdir()
        (tmp_path / "timm" / "test_vit.r160_in1k.safetensors").touch()
        assert row("timm/test_vit.r160_in1k")["local"]
