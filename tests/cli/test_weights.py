import re
import shutil

import pytest
import torch
from deep.tiny import Tiny
from typer.testing import CliRunner

from tmdfeat.cli import app


def run(*arguments):
    return CliRunner().invoke(app, ["weights", *map(str, arguments)])


def test_list_shows_folders_and_files(home, site, state_file):
    empty = run("list")
    assert str(home) in empty.output
    assert "no weights here yet" in empty.output
    home.mkdir()
    shutil.copy(state_file, home)
    line = next(line for line in run("list").output.splitlines() if state_file.name in line)
    words = ("squeezenet1_1/IMAGENET1K_V1", "4.7 MiB", "weights folder", "yes")
    assert re.search(".*".join(words), line.replace(state_file.name, ""))


def test_list_shows_what_there_is_to_download(home):
    output = run("list", "--all").output
    for name in ("resnet50/micronet", "resnet18/IMAGENET1K_V1"):
        assert re.search(rf"{name} .* not here", output)


def test_download_by_names_and_by_address(home, site, state_file):
    url = f"{site.url}/net.pth#sha256={state_file.stem[-8:]}"
    result = run("download", "squeezenet1_1", "resnet18/micronet", url)
    assert result.exit_code == 0, result.output
    first, second, third = result.output.splitlines()
    assert first == f"{home / state_file.name} is here, verified by its hash"
    assert "resnet18_pretrained_microscopynet_v1.0.pth.tar is here, not verified" in second
    assert third.endswith("net.pth is here, verified by its hash")
    assert run("download", "squeezenet1_1").exit_code == 0
    assert len(site.asked) == 3


def test_import_of_a_file_and_of_a_folder(home, site, state_file, tmp_path):
    result = run("import", state_file)
    assert (result.exit_code, result.output) == (
        0,
        f"{home / state_file.name} is here, verified by its hash\n",
    )
    torch.save(Tiny().state_dict(), tmp_path / "tiny.pth")
    result = run("import", tmp_path / "tiny.pth", "--name", "resnet18/micronet")
    assert "microscopynet_v1.0.pth.tar is here, not verified" in result.output
    (tmp_path / "stick").mkdir()
    shutil.move(tmp_path / "tiny.pth", tmp_path / "stick" / "tiny.pth")
    assert run("import", tmp_path / "stick").output.startswith(str(home / "tiny.pth"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["download", "resnet81"], "Did you mean"),
        (["download", "resnet18/V3"], "resnet18 has IMAGENET1K_V1"),
        (["download", "squeezenet1_1"], "could not be downloaded from .*HTTP Error 404"),
        (["import", "nowhere.pth"], "no file 'nowhere.pth' to import"),
        (["import", ".", "--name", "resnet18"], "--name says what one file is"),
    ],
)
def test_what_a_user_can_mend_is_said_in_words_and_exits_with_1(site, arguments, words):
    site.status = 404
    result = run(*arguments)
    assert result.exit_code == 1
    assert re.search(words, result.output.replace("\n", " ")), result.output
    assert "Traceback" not in result.output
    assert "On the command line" not in result.output
