import math

import pytest
import torch
from signals import AMOUNTS, SCALES, SIGNALS, Agreement, Kinds, Labels, Physics, Questions
from torch import nn

WIDTH, FAMILIES, QUANTITIES = 16, 3, 5


@pytest.fixture
def labels():
    generator = torch.Generator().manual_seed(0)
    return Labels(
        torch.tensor([0, 1, 2, 2]),
        torch.rand((4, 3), generator=generator),
        torch.randn((4, QUANTITIES), generator=generator),
        torch.tensor([0, 1, 2, 3]),
    )


def zeroed(signal):
    head = signal(WIDTH, FAMILIES, QUANTITIES)
    for number in head.parameters():
        nn.init.zeros_(number)
    return head


def test_who_knows_nothing_pays_the_logarithm_of_the_number_of_kinds(labels):
    loss = zeroed(Kinds)(torch.ones(4, WIDTH), labels)
    wanted = math.log(FAMILIES * SCALES * AMOUNTS) + 0.3 * math.log(4)
    assert float(loss.detach()) == pytest.approx(wanted, rel=1e-5)


def test_every_family_scale_and_amount_is_a_kind_of_its_own():
    u = torch.cartesian_prod(torch.arange(FAMILIES), torch.arange(SCALES), torch.arange(AMOUNTS))
    parameters = torch.stack(
        [(u[:, 1] + 0.5) / SCALES, (u[:, 2] + 0.5) / AMOUNTS, torch.zeros(len(u))], 1
    )
    head, kinds = zeroed(Kinds), FAMILIES * SCALES * AMOUNTS
    told = Labels(u[:, 0], parameters, torch.zeros(len(u), 0), torch.zeros(len(u), dtype=int))
    head.kind = nn.Identity()  # one that knows the answer
    loss = head.forward  # the rendering's part is the same for all answers
    right = loss_of_kinds(loss, 50 * torch.eye(kinds), told, head)
    wrong = loss_of_kinds(loss, 50 * torch.eye(kinds).roll(1, 0), told, head)
    assert right < 3 < wrong


def loss_of_kinds(loss, answers, told, head):
    head.rendering = nn.Linear(answers.shape[1], 4)
    nn.init.zeros_(head.rendering.weight)
    return float(loss(answers, told).detach())


def test_true_measures_cost_nothing_and_only_those_of_the_own_family_count(labels):
    head = Physics(WIDTH, FAMILIES, QUANTITIES)
    guesses = torch.full((4, FAMILIES, 3), 99.0)
    guesses[torch.arange(4), labels.family] = labels.parameters
    head.of_family, head.of_surface = Given(guesses.flatten(1)), Given(labels.truth)
    assert float(head(torch.zeros(4, WIDTH), labels)) == 0
    head.of_surface = Given(labels.truth + 3)  # smooth L1 of 3 is 2.5
    assert float(head(torch.zeros(4, WIDTH), labels)) == pytest.approx(2.5)


class Given(nn.Module):
    def __init__(self, answer):
        super().__init__()
        self.answer = answer

    def forward(self, h):
        return self.answer


def test_views_that_agree_cost_less_than_views_that_do_not(labels):
    head = Agreement(WIDTH, FAMILIES, QUANTITIES)
    head.projection = nn.Identity()
    same = torch.eye(WIDTH)[[0, 1, 0, 1]]
    # Two others at similarity 0, the partner at 1, over a temperature of 0.2:
    assert float(head(same, labels)) == pytest.approx(math.log(1 + 2 * math.exp(-5)), rel=1e-4)
    assert float(head(torch.eye(WIDTH)[[0, 0, 1, 1]], labels)) > 5


def test_questions_give_one_loss_for_each_signal(labels):
    heads = {name: signal(WIDTH, FAMILIES, QUANTITIES) for name, signal in SIGNALS.items()}
    network = nn.Sequential(nn.Flatten(), nn.Linear(64, WIDTH))
    losses = Questions(network, heads)(torch.randn(4, 1, 8, 8), labels)
    assert losses.shape == (len(SIGNALS),)
    assert (losses > 0).all()
