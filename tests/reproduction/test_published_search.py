"""The search as published, against its objective written out and differentiated."""

import math

import pytest
import torch

from attnaudit.models.nonlinear_readout import NonlinearReadout
from attnaudit.models.protocol import Attended
from attnaudit.models.readout import LinearReadout
from attnaudit.reproduction.published_search import (
    ACCEPTED_BELOW,
    LEARNING_RATE,
    PENALISED_ABOVE,
    PENALTY,
    published_search,
)

LENGTHS = (7, 4, 2)
TOKENS = max(LENGTHS)
K = 3


def linear(generator, *, outputs):
    scores = torch.randn(len(LENGTHS), TOKENS, outputs, generator=generator).double()
    link = "sigmoid" if outputs == 1 else "softmax"
    return LinearReadout(3 * scores, torch.zeros(outputs).double(), link)


def nonlinear(generator):
    def draw(*shape):
        return torch.randn(*shape, generator=generator).double()

    candidates = torch.ones(len(LENGTHS), 3, dtype=torch.bool)
    candidates[1, 2] = False
    return NonlinearReadout(
        2 * draw(len(LENGTHS), TOKENS, 5), draw(len(LENGTHS), 5), draw(3, 5), draw(3), candidates
    )


READOUTS = {
    "one sigmoid": lambda generator: linear(generator, outputs=1),
    "softmax": lambda generator: linear(generator, outputs=3),
    "question": nonlinear,
}


def attended_of(readout, generator):
    mask = torch.arange(TOKENS) < torch.tensor(LENGTHS)[:, None]
    logits = torch.randn(len(LENGTHS), TOKENS, generator=generator).double()
    attention = torch.softmax(logits.masked_fill(~mask, -math.inf), dim=-1)
    return Attended(
        units=tuple((f"document-{row}", 0) for row in range(len(LENGTHS))),
        tokens=tuple(("word",) * length for length in LENGTHS),
        mask=mask,
        attention=attention,
        rows=attention.unsqueeze(1),
        probabilities=readout(attention.unsqueeze(1)).squeeze(1),
        readout=readout,
    )


@pytest.fixture(params=READOUTS)
def case(request):
    generator = torch.Generator().manual_seed(3)
    attended = attended_of(READOUTS[request.param](generator), generator)
    starts = 3 * torch.randn(len(LENGTHS), K, TOKENS, generator=generator).double()
    return attended, starts, request.param == "one sigmoid"


def divergence(p, q):
    """Jensen-Shannon, from its definition, over some tokens that all have weight."""
    m = (p + q) / 2
    return 0.5 * (p * (p / m).log()).sum() + 0.5 * (q * (q / m).log()).sum()


def loss_of(logits, row, attended, *, single):
    """The published objective of one document, a term at a time."""
    length = LENGTHS[row]
    weights = torch.softmax(logits[:, :length], dim=-1)
    own = attended.attention[row, :length]
    padded = torch.nn.functional.pad(weights, (0, TOKENS - length))
    output = attended.readout.select(torch.tensor([row]))(padded.unsqueeze(0))[0]
    total = torch.zeros(()).double()
    for one in range(K):
        change = output[one] - attended.probabilities[row]
        distance = change[1].abs() if single else change.abs().sum()
        total = total - divergence(weights[one], own)
        total = total + PENALTY * torch.relu(distance - PENALISED_ABOVE)
        for other in range(K):
            total = total - divergence(weights[one], weights[other]) / K**2
    return total


def slow_search(attended, starts, *, single, steps):
    """Last iterates of each document searched alone, and which of them count."""
    found = []
    for row, length in enumerate(LENGTHS):
        logits = starts[row, :, :length].clone().requires_grad_()
        optimizer = torch.optim.Adam([logits], lr=LEARNING_RATE, amsgrad=True)
        for _ in range(steps):
            optimizer.zero_grad()
            loss_of(logits, row, attended, single=single).backward()
            optimizer.step()
        weights = torch.softmax(logits.detach(), dim=-1)
        padded = torch.nn.functional.pad(weights, (0, TOKENS - length))
        output = attended.readout.select(torch.tensor([row]))(padded.unsqueeze(0))[0]
        best, accepted = 0.0, 0
        for one in range(K):
            if 0.5 * (output[one] - attended.probabilities[row]).abs().sum() <= ACCEPTED_BELOW:
                accepted += 1
                best = max(best, float(divergence(weights[one], attended.attention[row, :length])))
        found.append((best, accepted))
    return found


@pytest.mark.parametrize("steps", [0, 1, 25])
def test_it_ends_where_the_differentiated_objective_ends(case, steps):
    attended, starts, single = case
    found = published_search(attended, starts, single_output=single, steps=steps)
    expected = slow_search(attended, starts, single=single, steps=steps)
    assert found.accepted.tolist() == [accepted for _, accepted in expected]
    assert found.divergence.tolist() == pytest.approx([best for best, _ in expected], abs=1e-7)


def test_something_is_found_and_something_rejected(case):
    attended, starts, single = case
    accepted = published_search(attended, starts, single_output=single, steps=60).accepted
    assert 0 < accepted.sum() < accepted.numel() * K


def test_what_stands_at_padding_is_never_read(case):
    attended, starts, single = case
    before = published_search(attended, starts, single_output=single, steps=20)
    changed = starts.masked_fill(~attended.mask.unsqueeze(1), 1e6)
    after = published_search(attended, changed, single_output=single, steps=20)
    assert torch.equal(before.divergence, after.divergence)


def test_where_nothing_is_accepted_the_divergence_is_that_of_the_models_own_attention():
    # The first token alone decides, and every start looks at the last.
    readout = LinearReadout(
        torch.tensor([[[20.0], [-20.0]]]).double(), torch.zeros(1).double(), "sigmoid"
    )
    attention = torch.tensor([[0.9, 0.1]]).double()
    attended = Attended(
        units=(("only", 0),),
        tokens=(("a", "b"),),
        mask=torch.ones(1, 2, dtype=torch.bool),
        attention=attention,
        rows=attention.unsqueeze(1),
        probabilities=readout(attention.unsqueeze(1)).squeeze(1),
        readout=readout,
    )
    starts = torch.tensor([[[-9.0, 9.0]] * K]).double()
    found = published_search(attended, starts, single_output=True, steps=0)
    assert (found.divergence.item(), found.accepted.item()) == (0.0, 0.0)
