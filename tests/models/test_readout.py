import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.models import LinearReadout, Readout
from attnaudit.models.readout import apply_link

LINKS = ["sigmoid", "softmax", "multilabel"]


def random_readout(link, *, seed=0, batch=3, tokens=5):
    generator = torch.Generator().manual_seed(seed)
    outputs = 1 if link == "sigmoid" else 3
    scores = torch.randn(batch, tokens, outputs, generator=generator, dtype=torch.float64)
    bias = torch.randn(outputs, generator=generator, dtype=torch.float64)
    return LinearReadout(2 * scores, bias, link)


def random_attention(*shape, seed=1):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64).softmax(dim=-1)


def probabilities_by_hand(scores, bias, attention, link):
    logits = [
        bias[output] + sum(a * row[output] for a, row in zip(attention, scores, strict=True))
        for output in range(len(bias))
    ]
    if link == "sigmoid":
        return [1 / (1 + math.exp(logits[0])), 1 / (1 + math.exp(-logits[0]))]
    if link == "multilabel":
        return [1 / (1 + math.exp(-logit)) for logit in logits]
    total = sum(math.exp(logit) for logit in logits)
    return [math.exp(logit) / total for logit in logits]


@pytest.mark.parametrize("link", LINKS)
def test_the_readout_equals_its_formula_written_in_floats(link):
    readout = random_readout(link)
    attention = random_attention(3, 4, 5)
    found = readout(attention)
    for unit in range(3):
        for alternative in range(4):
            expected = probabilities_by_hand(
                readout.scores[unit].tolist(),
                readout.bias.tolist(),
                attention[unit, alternative].tolist(),
                link,
            )
            assert found[unit, alternative].tolist() == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("link", LINKS)
def test_replacing_the_single_row_is_the_same_as_calling(link):
    readout = random_readout(link)
    attention = random_attention(3, 4, 5)
    found = readout.replace(attention.unsqueeze(2))
    torch.testing.assert_close(found, readout(attention), rtol=0, atol=1e-15)


@pytest.mark.parametrize("link", LINKS)
def test_selected_units_answer_as_they_did_among_the_others(link):
    readout = random_readout(link)
    attention = random_attention(3, 4, 5)
    index = torch.tensor([2, 0, 2])
    torch.testing.assert_close(
        readout.select(index)(attention[index]), readout(attention)[index], rtol=0, atol=1e-15
    )
    assert isinstance(readout.select(index), Readout)


@settings(max_examples=40, deadline=None)
@given(weight=st.floats(0, 1), seed=st.integers(0, 1000), link=st.sampled_from(LINKS))
def test_logits_of_a_mixture_are_the_mixture_of_logits(weight, seed, link):
    readout = random_readout(link, seed=seed)
    one, other = random_attention(3, 1, 5, seed=seed), random_attention(3, 1, 5, seed=seed + 1)
    mixed = readout.logits(weight * one + (1 - weight) * other)
    expected = weight * readout.logits(one) + (1 - weight) * readout.logits(other)
    torch.testing.assert_close(mixed, expected, rtol=0, atol=1e-12)


def test_a_saturated_sigmoid_keeps_the_small_probability_exact():
    logits = torch.tensor([[50.0], [-50.0]], dtype=torch.float64)
    probabilities = apply_link(logits, link="sigmoid")
    tiny = math.exp(-50) / (1 + math.exp(-50))
    assert probabilities[0].tolist() == pytest.approx([tiny, 1.0], rel=1e-14, abs=0)
    assert probabilities[1].tolist() == pytest.approx([1.0, tiny], rel=1e-14, abs=0)


def test_one_logit_equals_two_softmax_columns_with_a_zero_beside_it():
    logits = torch.linspace(-30, 30, 25, dtype=torch.float64).unsqueeze(1)
    padded = torch.cat([torch.zeros_like(logits), logits], dim=1)
    torch.testing.assert_close(
        apply_link(logits, link="sigmoid"), apply_link(padded, link="softmax"), rtol=1e-13, atol=0
    )


def test_independent_labels_do_not_share_one_unit_of_probability():
    probabilities = apply_link(torch.tensor([[3.0, 3.0, 3.0]]), link="multilabel")
    assert probabilities.sum().item() > 2
