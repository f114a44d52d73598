import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.models.attentions import AdditiveAttention, ScaledDotAttention, masked_softmax


def softmax(scores):
    weights = [math.exp(score) for score in scores]
    return [weight / sum(weights) for weight in weights]


def additive_by_hand(attention, states):
    matrix, bias = attention.projection.weight.tolist(), attention.projection.bias.tolist()
    vector = attention.vector.weight[0].tolist()
    scores = []
    for state in states:
        inner = [
            math.tanh(sum(w * x for w, x in zip(row, state, strict=True)) + b)
            for row, b in zip(matrix, bias, strict=True)
        ]
        scores.append(sum(v * x for v, x in zip(vector, inner, strict=True)))
    return softmax(scores)


def dot_by_hand(attention, states):
    vector = attention.vector.weight[0].tolist()
    return softmax(
        sum(w * x for w, x in zip(vector, state, strict=True)) / math.sqrt(len(state))
        for state in states
    )


@pytest.mark.parametrize(
    ("attention", "by_hand"),
    [(AdditiveAttention, additive_by_hand), (ScaledDotAttention, dot_by_hand)],
    ids=["additive", "dot"],
)
def test_attention_equals_its_formula_written_in_floats(attention, by_hand):
    generator = torch.Generator().manual_seed(1)
    scorer = attention(6).double()
    hidden = 2 * torch.randn(3, 5, 6, generator=generator, dtype=torch.float64)
    lengths = [5, 1, 3]
    mask = torch.arange(5) < torch.tensor(lengths).unsqueeze(1)

    weights = scorer(hidden, mask)

    for row, length in enumerate(lengths):
        expected = by_hand(scorer, hidden[row, :length].tolist()) + [0.0] * (5 - length)
        assert weights[row].tolist() == pytest.approx(expected, abs=1e-14)
    assert weights.max() < 1 or lengths.count(1)


@pytest.mark.parametrize("attention", [AdditiveAttention, ScaledDotAttention])
def test_a_state_behind_the_mask_never_reaches_attention(attention):
    scorer = attention(4).double()
    hidden = torch.randn(1, 3, 4, dtype=torch.float64)
    mask = torch.tensor([[True, True, False]])
    before = scorer(hidden, mask)
    hidden[0, 2] = math.nan
    torch.testing.assert_close(scorer(hidden, mask), before, rtol=0, atol=1e-15)


scores = st.lists(st.floats(-700, 700), min_size=1, max_size=12)


@settings(max_examples=50, deadline=None)
@given(scores=scores, shift=st.floats(-300, 300))
def test_masked_softmax_sums_to_one_and_ignores_a_common_shift(scores, shift):
    row = torch.tensor([[*scores, 5.0]], dtype=torch.float64)
    mask = torch.ones_like(row, dtype=torch.bool)
    mask[0, -1] = False
    weights = masked_softmax(row, mask)
    assert weights.sum().item() == pytest.approx(1.0, abs=1e-12)
    assert weights[0, -1] == 0
    torch.testing.assert_close(masked_softmax(row + shift, mask), weights, rtol=1e-9, atol=1e-12)
