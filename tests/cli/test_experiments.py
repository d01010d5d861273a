import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from tmdfeat.cli import app
from tmdfeat.datasets import make_tmd_afm
from tmdfeat.deep import WeightsUnavailable

FILES = {
    "report.html",
    "scores.csv",
    "chance.csv",
    "folds.csv",
    "predictions.csv",
    "features.csv",
    "block_shares.csv",
    "family_shares.csv",
    "maps.png",
    "scores.png",
    "confusion.png",
    "block_shares.png",
    "family_shares.png",
}
FAST = ["--backbone", "squeezenet1_1", "--weights", "none", "--folds", "2"]


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Scans of two materials as bare arrays in two sub-folders, and a table of their growths."""
    folder = tmp_path_factory.mktemp("scans")
    data = make_tmd_afm(16, materials=("MoS2", "WSe2"), size=64, random_state=0)
    rows = []
    for i, (image, label, group) in enumerate(
        zip(data.images, data.target, data.groups, strict=True)
    ):
        path = folder / label / f"{i}.npy"
        path.parent.mkdir(exist_ok=True)
        np.save(path, image.z)
        rows.append((path.relative_to(folder).as_posix(), label, group))
    table = pd.DataFrame(rows, columns=["file", "label", "group"])
    table.to_csv(folder / "labels.csv", index=False)
    return folder


def scale():
    return ["--pixel-size", 1000 / 64, "--z-unit", "nm"]


@pytest.mark.slow
def test_demo_writes_tables_figures_and_a_page_that_says_synthetic(tmp_path):
    result = run("demo", "--out", tmp_path, "--scans", 45, "--size", 64)
    assert result.exit_code == 0, result.output
    assert {path.name for path in tmp_path.iterdir()} == FILES | {"truth.csv"}
    assert "Synthetic scans" in (tmp_path / "report.html").read_text(encoding="utf-8")
    scores = pd.read_csv(tmp_path / "scores.csv")
    assert set(scores["features"]) == {"latent", "physical", "both"}
    assert set(scores["metric"]) == {"accuracy", "balanced_accuracy", "f1_macro"}
    chance = pd.read_csv(tmp_path / "chance.csv").set_index("metric")["score"]
    assert chance["balanced_accuracy"] <= 0.5  # one class of those in a fold
    assert pd.read_csv(tmp_path / "block_shares.csv")["share"].sum() == pytest.approx(1)
    predictions = pd.read_csv(tmp_path / "predictions.csv")
    assert len(predictions) == 3 * 45


def test_evaluate_takes_labels_and_groups_from_a_table(folder, tmp_path):
    table = folder / "labels.csv"
    result = run("evaluate", folder, "--labels", table, "--out", tmp_path, *FAST, *scale())
    assert result.exit_code == 0, result.output
    assert {path.name for path in tmp_path.iterdir()} >= FILES
    assert "Each file counts as a sample of its own" not in (tmp_path / "report.html").read_text(
        encoding="utf-8"
    )
    features = pd.read_csv(tmp_path / "features.csv")
    expected = pd.read_csv(table)
    assert features["label"].tolist() == expected["label"].tolist()
    assert features["group"].tolist() == expected["group"].tolist()
    assert "physical__Sq_nm" in features


def test_evaluate_warns_on_the_page_if_it_got_no_groups(folder, tmp_path):
    with pytest.warns(UserWarning, match="labels.csv"):
        result = run("evaluate", folder, "--out", tmp_path, *FAST, *scale())
    assert result.exit_code == 0, result.output
    assert "Each file counts as a sample of its own" in (tmp_path / "report.html").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "lacks heights in nm.*pixel size.*--pixel-size, --z-unit, --scale px"),
        ([*scale(), "--channel", "phase"], "phase"),
        ([*scale(), "--weights", "nowhere.pth"], "nowhere.pth"),
        ([*scale(), "--backbone", "resnet19"], "resnet18"),
        ([*scale(), "--folds", "12"], "groups"),
    ],
)
def test_what_a_user_can_mend_is_said_in_words_and_exits_with_1(folder, tmp_path, arguments, words):
    table = ["--labels", folder / "labels.csv", "--out", tmp_path]
    result = run("evaluate", folder, *table, *FAST, *arguments)
    assert result.exit_code == 1
    assert re.search(words, result.output.replace("\n", " ")), result.output
    assert "Traceback" not in result.output


def failing(error):
    def load_folder(*args, **kwargs):
        raise error

    return load_folder


@pytest.mark.parametrize("bug", [TypeError("bug"), RuntimeError("bug"), KeyError("bug")])
def test_bugs_are_not_dressed_up_as_the_users_mistakes(tmp_path, monkeypatch, bug):
    monkeypatch.setattr("tmdfeat.datasets.load_folder", failing(bug))
    assert run("evaluate", tmp_path, "--out", tmp_path.parent / "out").exception is bug
    monkeypatch.setattr("tmdfeat.datasets.make_tmd_afm", failing(bug))
    assert run("demo", "--out", tmp_path).exception is bug


def test_weights_that_cannot_be_had_are_said_in_words(tmp_path, monkeypatch):
    error = WeightsUnavailable("put the file there")
    monkeypatch.setattr("tmdfeat.datasets.load_folder", failing(error))
    result = run("evaluate", tmp_path, "--out", tmp_path.parent / "out")
    assert (result.exit_code, result.output) == (1, "tmdfeat: put the file there\n")


def test_demo_says_in_words_where_it_cannot_write(tmp_path):
    (tmp_path / "taken").touch()
    result = run("demo", "--out", tmp_path / "taken", "--scans", 45, "--size", 64)
    assert result.exit_code == 1
    assert re.match(r"tmdfeat: .*taken", result.output)
    assert "Traceback" not in result.output


def test_flags_are_named_only_where_python_was(folder, tmp_path):
    result = run("evaluate", folder / "nowhere", "--out", tmp_path)
    assert result.exit_code == 1
    assert "there is no folder" in result.output
    assert "command line" not in result.output


def test_scans_without_scale_can_be_measured_in_pixels(folder, tmp_path):
    table = ["--labels", folder / "labels.csv", "--out", tmp_path]
    result = run("evaluate", folder, *table, *FAST, "--scale", "px", "--preset", "plane")
    assert result.exit_code == 0, result.output
    assert "physical__Sq_rel" in pd.read_csv(tmp_path / "features.csv")


def test_unreadable_files_stop_the_run_or_are_left_out_and_listed(folder, tmp_path):
    rows = pd.read_csv(folder / "labels.csv")
    (folder / "broken.npy").write_bytes(b"nothing")
    rows.loc[len(rows)] = ["broken.npy", "MoS2", "g"]
    rows.to_csv(tmp_path / "with_broken.csv", index=False)
    call = ["evaluate", folder, "--labels", tmp_path / "with_broken.csv", "--out", tmp_path]
    with pytest.warns(UserWarning, match="labels.csv"):
        stopped = run(*call, *FAST, *scale())
    assert stopped.exit_code == 1
    assert re.search(r"X\[16\].*broken.npy", stopped.output)
    with pytest.warns(UserWarning, match="labels.csv"):
        skipped = run(*call, *FAST, *scale(), "--skip-unreadable")
    (folder / "broken.npy").unlink()
    assert skipped.exit_code == 0, skipped.output
    assert pd.read_csv(tmp_path / "unreadable.csv")["file"].str.endswith("broken.npy").all()
    assert len(pd.read_csv(tmp_path / "features.csv")) == 16


def test_results_among_the_scans_are_refused(folder):
    result = run("evaluate", folder, "--out", folder / "results", *FAST, *scale())
    assert result.exit_code == 1
    assert "must not lie among the scans" in result.output


def test_the_paper_preset_says_that_it_leaves_no_nm(folder, tmp_path):
    result = run("evaluate", folder, "--out", tmp_path, *FAST, "--preset", "paper")
    assert result.exit_code == 1
    assert "--scale px" in result.output


def test_tables_name_the_files_and_the_page_its_settings(folder, tmp_path):
    table = folder / "labels.csv"
    result = run("evaluate", folder, "--labels", table, "--out", tmp_path, *FAST, *scale())
    assert result.exit_code == 0, result.output
    files = [Path(name).name for name in pd.read_csv(tmp_path / "features.csv")["scan"]]
    assert files == [Path(name).name for name in pd.read_csv(table)["file"]]
    predictions = pd.read_csv(tmp_path / "predictions.csv")
    assert (predictions["scan"].map(lambda n: files.index(Path(n).name))).tolist() == predictions[
        "position"
    ].tolist()
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "network is untrained" in page
    assert "squeezenet1_1" in page


def test_labels_that_cannot_be_split_are_noticed_before_any_file_is_read(folder, tmp_path):
    rows = pd.read_csv(folder / "labels.csv").assign(group=lambda t: t["label"])
    rows.to_csv(tmp_path / "one_group_each.csv", index=False)
    scans = folder / rows["file"][0]
    content = scans.read_bytes()
    scans.write_bytes(b"unreadable")
    table = ["--labels", tmp_path / "one_group_each.csv", "--out", tmp_path / "out"]
    with pytest.warns(UserWarning, match="labels.csv"):
        result = run("evaluate", folder, *table, *FAST, *scale())
    scans.write_bytes(content)
    assert result.exit_code == 1
    assert "each class needs at least two groups" in result.output


def test_missing_pixels_need_the_word_fill(folder, tmp_path):
    rows = pd.read_csv(folder / "labels.csv")
    scan = folder / rows["file"][3]
    content = scan.read_bytes()
    z = np.load(scan)
    z[4:6, 4:6] = np.nan
    np.save(scan, z)
    call = ["evaluate", folder, "--labels", folder / "labels.csv", "--out", tmp_path]
    refused = run(*call, *FAST, *scale())
    filled = run(*call, *FAST, *scale(), "--fill")
    scan.write_bytes(content)
    assert refused.exit_code == 1
    assert "--fill" in refused.output
    assert filled.exit_code == 0, filled.output


def test_version_and_help_have_their_usual_names():
    assert run("--version").output.startswith("tmdfeat ")
    assert "evaluate" in run("-h").output
