import sys

import pytest
from typer.testing import CliRunner

from tmdfeat.cli import app


def run(*arguments):
    return CliRunner().invoke(app, ["backbones", *arguments])


def rows(result):
    return {line.split()[0]: line.split() for line in result.output.splitlines()}


def test_networks_are_listed_with_size_and_cost():
    result = run("resnet*")
    assert result.exit_code == 0, result.output
    # Operations, parameters and file as on torchvision's page of this network's weights.
    assert rows(result)["resnet50"][:8] == [
        "resnet50", "torchvision", "2048", "224", "25.6", "8.18", "IMAGENET1K_V2", "103"
    ]  # fmt: skip
    assert "multiply-add counted as two" in result.output


def test_all_of_torchvisions_are_listed_unless_asked_otherwise():
    assert {"alexnet", "vit_h_14", "wide_resnet50_2"} <= set(rows(run()))


def test_names_alone_can_be_had():
    assert run("vgg1?", "--names").output.split() == ["vgg11", "vgg13", "vgg16", "vgg19"]


@pytest.mark.parametrize("arguments", [["resnet"], ["resnet", "--names"]])
def test_patterns_that_match_nothing_say_what_patterns_look_like(arguments):
    result = run(*arguments)
    assert result.exit_code == 1
    assert "no network is named 'resnet'" in result.output
    assert "'resnet*'" in result.output


def test_without_timm_its_networks_say_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "timm", None)
    result = run("timm/*")
    assert result.exit_code == 1
    assert "pip install 'tmdfeat[timm]'" in result.output
    assert "Traceback" not in result.output
