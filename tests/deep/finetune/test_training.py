"""The training loop beside one written out by hand in plain torch."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from deep.finetune.small import LABELS, same_state, small, small_regressor, stripes
from deep.tiny import Tiny, tiny
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import f1_score, log_loss, r2_score
from torch import nn

from tmdfeat.deep import Rendering
from tmdfeat.deep.backbones import find_backbone
from tmdfeat.deep.checks import resized
from tmdfeat.deep.finetune.batches import epoch_batches
from tmdfeat.deep.finetune.beginning import begin
from tmdfeat.deep.finetune.classifier import macro_f1
from tmdfeat.deep.finetune.inputs import render_all
from tmdfeat.deep.finetune.learning_rates import freeze, parameter_groups
from tmdfeat.deep.finetune.losses import CrossEntropy, SquaredError, balancing_weights
from tmdfeat.deep.finetune.regressor import r_squared
from tmdfeat.deep.finetune.resuming import Resumable, give_moments
from tmdfeat.deep.finetune.training import Examples, Progress, Recipe, _seed, run_epoch, train
from tmdfeat.gate import check_images

RECIPE = Recipe(
    max_epochs=3, batch_size=8, sampler="shuffle", augment=None, batch_norm="train",
    schedule="constant", select="last", patience=None, device="cpu", precision="float32", seed=5,
)  # fmt: skip
LR = 0.01


def backbone_of(name, size=32):
    return resized(find_backbone(name, None), size)


def network(name=tiny, outputs=3, dropout=0.0, size=32):
    return begin(backbone_of(name, size), None, (8,), dropout, outputs, 1)


def adam(net, name=tiny, decay=1.0, size=32):
    groups = parameter_groups(net, backbone_of(name, size), LR, decay)
    return torch.optim.Adam(groups, fused=True)


def grey_and_classes(n=25, size=32):
    X, y, _ = stripes(n)
    return render_all(check_images(X), Rendering(), size), np.unique(y, return_inverse=True)[1]


def examples(loss, grey, y, score=macro_f1, weights=None):
    weights = np.ones(len(y)) if weights is None else weights
    return Examples(grey, y, loss.targets(y), torch.as_tensor(weights, dtype=torch.float32), score)


def classes(n=25, size=32, weights=None):
    loss = CrossEntropy(tuple(LABELS))
    grey, y = grey_and_classes(n, size)
    return examples(loss, grey, y, weights=weights), loss


def batches_of(epoch, y, recipe=RECIPE):
    generator = torch.Generator().manual_seed(_seed(recipe.seed, epoch))
    return epoch_batches(y, recipe.sampler, recipe.batch_size, generator)


def state(net):
    return {name: value.clone() for name, value in net.state_dict().items()}


def assert_equal_states(one, other):
    for name, value in other.items():
        assert_array_equal(one[name], value, err_msg=name)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("sampler", ["shuffle", "balanced"])
def test_an_epoch_is_that_of_a_plain_loop(sampler, weighted):
    recipe = replace(RECIPE, sampler=sampler)
    grey, y = grey_and_classes()
    y = np.where(y == 2, 0, y)  # classes of different size
    weights = balancing_weights(y) if weighted else None
    loss = CrossEntropy(tuple(LABELS))
    net, plain = network(), network()

    row = run_epoch(net, adam(net), examples(loss, grey, y, weights=weights), loss, recipe, 0)

    optimizer = torch.optim.Adam(plain.parameters(), lr=LR, fused=True)
    sums, answers, truth = 0.0, [], []
    plain.train()
    for places in batches_of(0, y, recipe):
        out = plain(grey[places])
        step = nn.CrossEntropyLoss(reduction="none")(out, torch.as_tensor(y[places]))
        if weighted:  # scikit-learn's weight of a class: n / (classes * images of it)
            factor = len(y) / (2 * np.bincount(y)[y[places]])
            step = step * torch.as_tensor(factor, dtype=torch.float32)
        optimizer.zero_grad()
        step.mean().backward()
        optimizer.step()
        sums += float(step.detach().sum())
        answers += out.argmax(1).tolist()
        truth += y[places].tolist()

    for name, value in plain.state_dict().items():
        assert_allclose(net.state_dict()[name], value, rtol=1e-4, atol=1e-6, err_msg=name)
    assert math.isclose(row["loss"], sums / len(y), rel_tol=1e-5)
    assert math.isclose(row["score"], f1_score(truth, answers, labels=[0, 1], average="macro"))


def test_values_are_learned_as_a_plain_loop_learns_them():
    loss = SquaredError(middle=950.0, spread=25.0)
    grey, y = grey_and_classes()
    y = y * 25.0 + 925
    net, plain = network(outputs=1), network(outputs=1)
    row = run_epoch(net, adam(net), examples(loss, grey, y, r_squared), loss, RECIPE, 0)
    optimizer = torch.optim.Adam(plain.parameters(), lr=LR, fused=True)
    plain.train()
    seen, truth = [], []
    for places in batches_of(0, y):
        out = plain(grey[places])[:, 0]
        optimizer.zero_grad()
        nn.MSELoss()(out, torch.as_tensor((y[places] - 950) / 25, dtype=torch.float32)).backward()
        optimizer.step()
        seen += (out.detach() * 25 + 950).tolist()
        truth += y[places].tolist()
    for name, value in plain.state_dict().items():
        assert_allclose(net.state_dict()[name], value, rtol=1e-4, atol=1e-6, err_msg=name)
    assert math.isclose(row["score"], r2_score(truth, seen), rel_tol=1e-4)


def test_stages_learn_as_fast_as_their_learning_rates_say():
    """Adam's first step is the learning rate itself, whatever the gradient."""
    net = network("resnet18", size=64)
    before = state(net)
    data, loss = classes(8, 64)
    recipe = replace(RECIPE, batch_size=8)
    run_epoch(net, adam(net, "resnet18", decay=0.1, size=64), data, loss, recipe, 0)
    after = net.state_dict()
    for part, rate in [("last", LR), ("hidden", LR), ("body.module.layer4.1.conv2", LR / 10),
                       ("body.module.layer3.0.conv1", LR / 100),
                       ("body.module.conv1", LR / 10_000)]:  # fmt: skip
        moved = max(
            float((after[name] - before[name]).abs().max())
            for name in before
            if name.startswith(f"{part}.")
        )
        assert math.isclose(moved, rate, rel_tol=0.02), part


def fit(net, optimizer, epochs, progress=None, schedule="constant", keep=lambda _: None, **more):
    data, loss = classes()
    recipe = replace(RECIPE, max_epochs=epochs, schedule=schedule, **more)
    return train(net, optimizer, data, None, loss, recipe, progress or Progress(), keep)


@pytest.mark.parametrize("name", [tiny, "resnet18"], ids=["own", "channels last"])
@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_three_epochs_are_two_and_one_more(name, schedule, tmp_path):
    """A network of a library lies in memory in channels_last order, and its moments do, too."""
    size = 32 if name is tiny else 48
    data, loss = classes(10, size)
    options = {"schedule": schedule, "augment": "crop", "max_epochs": 3}
    recipe = replace(RECIPE, **options)

    def fresh():
        net = network(name, dropout=0.4, size=size)
        if name is not tiny:
            net = net.to(memory_format=torch.channels_last)
        return net, adam(net, name, size=size)

    net, optimizer = fresh()
    whole = train(net, optimizer, data, None, loss, recipe, Progress(), lambda _: None)

    class Killed(BaseException):
        pass

    kept = Resumable(tmp_path / "state.safetensors")
    kept.took = 0.0
    half, its = fresh()

    def keep(progress):
        kept.took = 0.0
        kept.keep(half, its, recipe, progress)
        if progress.epoch == 2:
            raise Killed

    with pytest.raises(Killed):
        train(half, its, data, None, loss, recipe, Progress(), keep)
    again, its = fresh()
    progress = kept.resume(again, its, Progress())
    assert progress.epoch == 2
    resumed = train(again, its, data, None, loss, recipe, progress, lambda _: None)

    assert_equal_states(again.state_dict(), net.state_dict())
    assert [r["loss"] for r in resumed.history] == [r["loss"] for r in whole.history]
    assert [r["lr"] for r in resumed.history] == [r["lr"] for r in whole.history]


def test_moments_lie_in_memory_as_their_weights_do():
    weights = nn.Parameter(torch.randn(4, 3, 3, 3).to(memory_format=torch.channels_last))
    optimizer = torch.optim.Adam([weights], fused=True)
    moment = torch.arange(4 * 27.0).reshape(4, 3, 3, 3)
    one = {"step": torch.tensor(1.0), "exp_avg": moment, "exp_avg_sq": moment.square()}
    give_moments(optimizer, {0: one, 1: one})  # the second is of weights that are frozen now
    [state] = optimizer.state.values()
    assert state["exp_avg"].stride() == weights.stride()
    assert torch.equal(state["exp_avg"], moment)
    assert float(state["step"]) == 1


def test_every_epoch_has_its_own_order_and_every_seed_too():
    y = np.zeros(40)
    orders = [torch.cat(batches_of(epoch, y)).tolist() for epoch in range(5)]
    other = replace(RECIPE, seed=6)
    orders += [torch.cat(batches_of(epoch, y, other)).tolist() for epoch in range(5)]
    assert len({tuple(order) for order in orders}) == 10


@pytest.mark.parametrize("decay", [1.0, 0.5])
def test_the_learning_rate_follows_the_cosine_in_all_groups(decay):
    net = network()
    optimizer = adam(net, decay=decay)
    seen = []
    fit(net, optimizer, 4, schedule="cosine",
        keep=lambda _: seen.append([g["lr"] for g in optimizer.param_groups]))  # fmt: skip
    cosine = (1 + np.cos(np.pi * np.arange(4) / 4)) / 2
    rates = [LR] if decay == 1 else [LR, LR * decay]
    assert_allclose(seen, cosine[:, None] * np.array(rates))


def poisoned(monkeypatch, on_step, value):
    """Make all weights of a network that learns NaN after so many steps."""
    steps = []
    real = torch.optim.Adam.step

    def step(self, *arguments, **options):
        done = real(self, *arguments, **options)
        steps.append(1)
        if len(steps) == on_step:
            for group in self.param_groups:
                for parameter in group["params"]:
                    parameter.data.fill_(value)
        return done

    monkeypatch.setattr(torch.optim.Adam, "step", step)


def test_a_loss_that_is_no_number_names_its_batch_and_the_learning_rate(monkeypatch):
    poisoned(monkeypatch, on_step=5, value=math.nan)  # 25 images: batches of 8, 8 and 9
    net = network()
    with pytest.raises(FloatingPointError, match=re.escape(
        "loss became nan in batch 3 of 3 of epoch 2, with a learning rate of 0.01. Lower lr, e.g. "
        "to 0.001"
    )):  # fmt: skip
        fit(net, adam(net), 3)


@pytest.mark.parametrize("value", [math.nan, math.inf])
@pytest.mark.parametrize("images", [None, "held out"])
def test_weights_that_broke_in_the_very_last_step_are_not_kept(monkeypatch, value, images):
    """No loss is computed after it that could tell."""
    poisoned(monkeypatch, on_step=6, value=value)
    net = network()
    data, loss = classes()
    held = data if images else None
    with pytest.raises(FloatingPointError, match="weights became NaN or infinite in batch 3 of 3 "
                       "of epoch 2"):  # fmt: skip
        train(net, adam(net), data, held, loss, replace(RECIPE, max_epochs=2), Progress(),
              lambda _: None)  # fmt: skip


def statistics(net):
    return {n: v.clone() for n, v in net.state_dict().items() if "running" in n or "tracked" in n}


@pytest.mark.parametrize(
    ("policy", "changing"), [("train", [0, 1, 2]), ("paper", [0]), ("frozen", [])]
)
def test_batch_norms_learn_their_statistics_in_the_epochs_that_the_policy_says(policy, changing):
    net = network()
    seen = [statistics(net)]
    weights = [state(net)["body.module.bn.weight"]]

    def look(_):
        seen.append(statistics(net))
        weights.append(state(net)["body.module.bn.weight"])

    fit(net, adam(net), 3, batch_norm=policy, keep=look)
    moved = [
        epoch
        for epoch in range(3)
        if any(not torch.equal(seen[epoch][n], seen[epoch + 1][n]) for n in seen[0])
    ]
    assert moved == changing
    assert all(not torch.equal(weights[e], weights[e + 1]) for e in range(3))  # these learn


def test_batch_norms_see_the_batch_while_they_learn_and_their_statistics_when_frozen():
    """The first loss, by hand, in both modes."""
    data, loss = classes(8)
    for policy in ("train", "frozen"):
        net, plain = network(), network()
        recipe = replace(RECIPE, batch_norm=policy)
        first = run_epoch(net, adam(net), data, loss, recipe, 0)["loss"]
        plain.train(policy == "train")
        out = plain(data.grey[torch.cat(batches_of(0, data.y))])
        y = torch.as_tensor(data.y[torch.cat(batches_of(0, data.y))])
        assert math.isclose(first, nn.functional.cross_entropy(out, y).item(), rel_tol=1e-5)


@pytest.mark.parametrize("frozen", [2, "body"])
def test_what_is_frozen_stays_bit_for_bit_with_its_statistics(frozen):
    net = network("resnet18", size=48)
    freeze(net, backbone_of("resnet18", 48), frozen)
    before = state(net)
    data, loss = classes(10, 48)
    run_epoch(net, adam(net, "resnet18", size=48), data, loss, RECIPE, 0)
    changed = {n for n, v in net.state_dict().items() if not torch.equal(v, before[n])}
    still = ("conv1", "bn1", "layer1", "layer2", "layer3", "layer4")
    learned = () if frozen == "body" else ("layer3", "layer4")
    assert {n.split(".")[2] for n in changed if n.startswith("body")} == set(learned)
    assert {n.partition(".")[0] for n in changed} >= {"hidden", "last"}
    assert set(still) > set(learned)


class Noisy(Tiny):
    """Drops in its body."""

    def forward(self, x):
        return super().forward(nn.functional.dropout(x, 0.2, self.training))


@pytest.mark.parametrize("kind", [None, "crop", "rotation"])
def test_two_fits_with_one_seed_are_equal_and_leave_random_states_alone(kind):
    X, y, groups = stripes()
    settings = {"backbone": Noisy, "dropout": 0.5, "augment": kind}
    once = small(**settings).fit(X, y, groups)
    torch.rand(3)
    np.random.rand(3)  # noqa: NPY002 - the global state is what is asked about
    states = torch.random.get_rng_state(), np.random.get_state()  # noqa: NPY002
    again = small(**settings).fit(X, y, groups)
    assert torch.equal(torch.random.get_rng_state(), states[0])
    assert_array_equal(np.random.get_state()[1], states[1][1])  # noqa: NPY002
    assert np.random.get_state()[2] == states[1][2]  # noqa: NPY002
    assert same_state(once, again)
    assert once.loss_curve_ == again.loss_curve_


def test_patience_counts_epochs_without_a_better_one():
    scores = [0.5, 0.7, 0.7, 0.6, 0.9]
    row = {"loss": 1.0, "score": 0.5, "validation_loss": 1.0}
    recipe = replace(RECIPE, max_epochs=9, select="score", patience=2)
    over = [
        Progress([{**row, "validation_score": s} for s in scores[: epoch + 1]]).is_over(recipe)
        for epoch in range(5)
    ]
    assert over == [False, False, False, True, False]


def test_the_weights_of_the_best_epoch_are_kept_and_they_score_as_history_says():
    X, y, groups = stripes(36)
    chosen = groups < 3
    cnn = small(max_epochs=8, lr=0.03, select="loss").fit(X, y, groups, validation_mask=chosen)
    best = cnn.history_["validation_loss"].idxmin()
    assert cnn.best_epoch_ == best + 1
    loss = log_loss(y[chosen], cnn.predict_proba(X[chosen]))
    assert_allclose(loss, cnn.history_["validation_loss"][best], rtol=1e-5)
    score = f1_score(y[chosen], cnn.predict(X[chosen]), average="macro")
    assert_allclose(score, cnn.history_["validation_score"][best])


def test_validation_images_are_not_learned_from():
    X, y, groups = stripes()
    chosen = groups == 0
    other = X.copy()
    other[chosen] = np.random.default_rng(1).normal(size=other[chosen].shape)
    fits = [small(select="last").fit(one, y, groups, validation_mask=chosen) for one in (X, other)]
    assert same_state(*fits)
    validation = [f.history_["validation_loss"].tolist() for f in fits]
    assert validation[0] != validation[1]


@pytest.mark.parametrize("flat", [True, False])
def test_images_that_are_all_equal_teach_the_shares_of_classes(flat):
    """Nothing tells them apart, so what is learned is how often each class comes."""
    X = np.zeros((12, 40, 40)) if flat else np.array([stripes(1)[0][0]] * 12)
    y = np.repeat(["a", "b"], [9, 3])
    cnn = small(
        sampler="shuffle", augment=None, validation_fraction=0, max_epochs=150, batch_size=12,
        batch_norm="frozen",
    ).fit(X, y)  # fmt: skip
    assert_allclose(cnn.predict_proba(X), np.tile([[0.75, 0.25]], (12, 1)), atol=0.02)


def test_values_that_are_all_equal_are_learned():
    X, _, groups = stripes()
    cnn = small_regressor().fit(X, np.full(24, 950.0), groups)
    assert_allclose(cnn.predict(X), 950, atol=2)


@pytest.mark.parametrize("n", [2, 3])
def test_two_images_are_enough(n):
    X = stripes(12)[0][[0, 4, 8]][:n]
    cnn = small(validation_fraction=0, batch_size=32).fit(X, np.arange(n))
    assert cnn.predict_proba(X).shape == (n, n)


def test_one_image_left_over_does_no_harm():
    X, y, groups = stripes(17)
    cnn = small(backbone="resnet18", validation_fraction=0, max_epochs=1).fit(X, y, groups)
    assert np.isfinite(cnn.predict_proba(X)).all()
