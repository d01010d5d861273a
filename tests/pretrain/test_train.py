"""A training in miniature: repeatable, resumable, and it learns."""

import csv
import dataclasses

import numpy as np
import pretrain
import pytest
import safetensors.torch
import torch
import train as training
from export import export
from pretrain import PACKAGED, main
from recipe import Recipe
from store import make_store, open_store
from train import Batches, train
from training_log import Log, same_training

SMALL = Recipe(surfaces=64, views=192, side=32, late_side=48, late=0.34, batch=32, seed=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("surfaces")
    make_store(folder, SMALL.surfaces, 0, size=64, n_jobs=1, block=32)
    return folder


def trained(folder, output, processes=1, recipe=SMALL):
    return torch.load(train(folder, recipe, output, processes), weights_only=True)


def equal(one, two):
    return all(torch.equal(tensor, two[name]) for name, tensor in one.items())


def test_rates_rise_then_fall_to_almost_nothing():
    recipe = Recipe(views=256 * 1000)
    rates = [recipe.rate_at(step) for step in range(1000)]
    assert np.argmax(rates) == pytest.approx(100, abs=3)
    assert max(rates) == pytest.approx(recipe.rate, rel=0.05)
    assert rates[-1] < 0.01 * recipe.rate


def test_the_last_views_are_larger():
    sides = [SMALL.side_at(step) for step in range(SMALL.steps)]
    assert sides == [32, 32, 32, 32, 48, 48]


def test_processes_share_the_surfaces_of_a_step_without_overlap(folder):
    store = open_store(folder)
    ones = [Batches(store, SMALL, rank, 2, "cpu")._which(0) for rank in (0, 1)]
    assert len(set(np.concatenate(ones))) == SMALL.batch
    every = [Batches(store, SMALL, 0, 1, "cpu")._which(step) for step in (0, 1)]
    assert set(np.concatenate(every)) == set(range(64))  # one round through all


def test_fewer_surfaces_than_a_step_takes_are_refused(folder):
    large = dataclasses.replace(SMALL, batch=128)
    with pytest.raises(ValueError, match="a step takes 128 surfaces, but there are only 64"):
        Batches(open_store(folder), large, 0, 1, "cpu").at(0)


def test_families_held_out_are_never_seen(folder):
    store = open_store(folder)
    held = store.names[int(store.family[0])]
    batches = Batches(store, dataclasses.replace(SMALL, held_out=(held,)), 0, 1, "cpu")
    assert 0 not in batches.seen
    assert not np.isin(store.family[batches.seen], store.family[0]).any()
    # Nor as what is blended in: of which family that is, the store does not say.
    assert store.blended.any()
    assert not store.blended[batches.seen].any()
    assert len(Batches(store, SMALL, 0, 1, "cpu").seen) == 64  # nothing is held out


def test_two_views_of_each_surface_where_they_shall_agree(folder):
    batches = Batches(
        open_store(folder), dataclasses.replace(SMALL, signals=("agreement",)), 0, 1, "cpu"
    )
    views, labels = batches.at(0)
    assert len(views) == SMALL.batch
    assert torch.equal(labels.parameters[:16], labels.parameters[16:])
    assert not torch.equal(views[:16], views[16:])


@pytest.mark.slow
def test_a_killed_training_ends_with_the_same_numbers(folder, tmp_path):
    whole = trained(folder, tmp_path / "whole")
    again = trained(folder, tmp_path / "again")
    assert equal(whole, again)
    kept = torch.load(tmp_path / "whole" / "checkpoint.pt", weights_only=True)
    assert kept["step"] == SMALL.steps
    (tmp_path / "cut").mkdir()
    stop_after(4, folder, SMALL, tmp_path / "cut")
    assert equal(whole, trained(folder, tmp_path / "cut"))


def stop_after(steps, folder, recipe, output):
    """Do the first steps as a process that is killed does them: a checkpoint is all there is."""
    torch.manual_seed(recipe.seed)
    store = open_store(folder)
    questions = training.build(recipe, store).to(memory_format=torch.channels_last)
    optimiser = training.make_optimiser(questions, recipe)
    batches = Batches(store, recipe, 0, 1, "cpu")
    questions.train()
    for step in range(steps):
        training.take_step(questions, optimiser, batches.at(step), recipe, step)
    training.keep(output / "checkpoint.pt", questions, optimiser, steps)


@pytest.mark.slow
def test_one_command_draws_trains_and_writes(tmp_path):
    before = PACKAGED.read_bytes()
    small = ["--surfaces", "256", "--views", "512", "--processes", "2"]
    main(["--folder", str(tmp_path), "--results", str(tmp_path), *small])
    state = safetensors.torch.load_file(tmp_path / "seed_0" / "surfacenet.safetensors")
    assert state["stem.0.weight"].dtype == torch.float16
    with (tmp_path / "surfacenet_training.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert [line["step"] for line in lines] == ["2"]
    assert float(lines[0]["kinds"]) > 0
    assert (tmp_path / "seed_0" / "curves.png").stat().st_size > 1000
    assert PACKAGED.read_bytes() == before  # only --ship writes there


def add_lines(path, begun, last):
    recipe = Recipe(views=256 * 1000)
    with Log(path, recipe, begun, 0) as log:
        for step in range(begun, last):
            log.add(step, torch.ones(2))


def test_a_training_stopped_again_and_again_leaves_each_step_in_the_log_once(tmp_path):
    path = tmp_path / "log.csv"
    for begun, last in ((0, 150), (0, 200), (100, 250)):  # the second finds no checkpoint
        add_lines(path, begun, last)
    with path.open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert [line["step"] for line in lines] == ["50", "100", "150", "200", "250"]
    seconds = [float(line["seconds"]) for line in lines]
    assert seconds == sorted(seconds)  # of all runs together


def test_another_training_does_not_go_on_with_a_checkpoint(tmp_path):
    same_training(tmp_path, SMALL, 2)
    same_training(tmp_path, SMALL, 2)
    with pytest.raises(ValueError, match="another training: views differ"):
        same_training(tmp_path, dataclasses.replace(SMALL, views=64), 2)
    with pytest.raises(ValueError, match="processes differ"):
        same_training(tmp_path, SMALL, 1)


def test_whoever_may_read_other_new_files_may_read_the_weights(tmp_path):
    torch.save({"weight": torch.ones(1)}, tmp_path / "net.pt")
    export(tmp_path / "net.pt", tmp_path / "out.safetensors")
    (tmp_path / "any").touch()
    assert (tmp_path / "out.safetensors").stat().st_mode == (tmp_path / "any").stat().st_mode


def test_only_what_ships_is_recorded(tmp_path, monkeypatch):
    def fake(folder, recipe, output, processes):
        output.mkdir()
        add_lines(output / "log.csv", 0, 100)
        torch.save({"weight": torch.ones(1)}, output / "network.pt")
        return output / "network.pt"

    monkeypatch.setattr(pretrain, "train", fake)
    monkeypatch.setattr(pretrain, "make_store", lambda *_, **__: None)
    monkeypatch.setattr(pretrain.record, "RESULTS", tmp_path / "records")
    monkeypatch.setattr(pretrain, "PACKAGED", tmp_path / "packaged.safetensors")
    monkeypatch.setattr(pretrain, "PICTURE", tmp_path / "curves.png")
    (tmp_path / "records").mkdir()
    main(["--folder", str(tmp_path), "--seed", "1"])
    assert (tmp_path / "seed_1" / "surfacenet_training.json").is_file()
    assert not list((tmp_path / "records").iterdir())
    main(["--folder", str(tmp_path), "--ship"])
    assert len(list((tmp_path / "records").iterdir())) == 2


def test_what_does_not_fit_into_half_precision_is_refused(tmp_path):
    torch.save({"weight": torch.tensor([1e6])}, tmp_path / "large.pt")
    with pytest.raises(ValueError, match="weight does not fit into half precision"):
        export(tmp_path / "large.pt", tmp_path / "out.safetensors")
