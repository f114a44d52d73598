import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.models.nonlinear_readout import NonlinearReadout
from attnaudit.models.protocol import Readout

CANDIDATES = torch.tensor(
    [[True, True, True, True], [True, False, True, False], [False, False, True, False]]
)


def random_readout(*, seed=0, candidates=CANDIDATES):
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    return NonlinearReadout(2 * normal(3, 5, 6), normal(3, 6), normal(4, 6), normal(4), candidates)


def random_attention(*shape, seed=1):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64).softmax(dim=-1)


def probabilities_by_hand(readout, unit, attention):
    projected, offset = readout.projected[unit].tolist(), readout.offset[unit].tolist()
    inner = [
        math.tanh(sum(a * row[i] for a, row in zip(attention, projected, strict=True)) + offset[i])
        for i in range(len(offset))
    ]
    powers = [
        math.exp(bias + sum(w * x for w, x in zip(line, inner, strict=True))) if allowed else 0.0
        for line, bias, allowed in zip(
            readout.weight.tolist(),
            readout.bias.tolist(),
            readout.candidates[unit].tolist(),
            strict=True,
        )
    ]
    return [power / sum(powers) for power in powers]


def test_the_readout_equals_its_formula_written_in_floats():
    readout = random_readout()
    attention = random_attention(3, 4, 5)
    found = readout(attention)
    for unit in range(3):
        for alternative in range(4):
            expected = probabilities_by_hand(readout, unit, attention[unit, alternative].tolist())
            assert found[unit, alternative].tolist() == pytest.approx(expected, abs=1e-14)


def test_a_class_that_is_no_candidate_has_no_probability_whatever_attention_is():
    found = random_readout()(random_attention(3, 50, 5))
    assert (found[~CANDIDATES.unsqueeze(1).expand_as(found)] == 0).all()
    assert (found[CANDIDATES.unsqueeze(1).expand_as(found)] > 0).all()
    ones = torch.ones(3, 50, dtype=torch.float64)
    torch.testing.assert_close(found.sum(dim=2), ones, rtol=0, atol=1e-14)


def test_a_candidate_alone_is_certain():
    assert (random_readout()(random_attention(3, 5, 5))[2, :, 2] == 1).all()


def test_replacing_the_single_row_is_the_same_as_calling():
    readout, attention = random_readout(), random_attention(3, 4, 5)
    assert torch.equal(readout.replace(attention.unsqueeze(2)), readout(attention))


def test_selected_units_answer_as_they_did_among_the_others():
    readout, attention = random_readout(), random_attention(3, 4, 5)
    index = torch.tensor([2, 0, 2, 1])
    selected = readout.select(index)
    torch.testing.assert_close(
        selected(attention[index]), readout(attention)[index], rtol=0, atol=1e-15
    )
    assert isinstance(selected, Readout)


def test_the_output_is_not_linear_in_attention_before_the_softmax():
    readout = random_readout(candidates=torch.ones_like(CANDIDATES))
    one, other = random_attention(3, 1, 5, seed=3), random_attention(3, 1, 5, seed=4)
    mixed = readout.logits((one + other) / 2)
    assert ((mixed - (readout.logits(one) + readout.logits(other)) / 2).abs() > 1e-3).any()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1000), shift=st.floats(-20, 20))
def test_what_every_token_adds_alike_may_stand_in_the_offset(seed, shift):
    readout = random_readout(seed=seed)
    moved = NonlinearReadout(
        readout.projected + shift,
        readout.offset - shift,
        readout.weight,
        readout.bias,
        readout.candidates,
    )
    attention = random_attention(3, 2, 5, seed=seed)
    torch.testing.assert_close(moved(attention), readout(attention), rtol=0, atol=1e-11)


def test_the_gradient_by_attention_equals_differences_of_the_probabilities():
    readout = random_readout()
    attention = random_attention(3, 2, 5).requires_grad_(True)
    assert torch.autograd.gradcheck(readout, (attention,))
