import math

import pytest
import torch

from attnaudit.models.pairs.attentions import AdditiveQueryAttention, ScaledDotQueryAttention

LENGTHS = [5, 1, 3]


def softmax(scores):
    weights = [math.exp(score) for score in scores]
    return [weight / sum(weights) for weight in weights]


def linear(layer, state):
    biases = [0.0] * layer.out_features if layer.bias is None else layer.bias.tolist()
    return [
        sum(w * x for w, x in zip(row, state, strict=True)) + bias
        for row, bias in zip(layer.weight.tolist(), biases, strict=True)
    ]


def additive_by_hand(attention, states, query):
    of_query = linear(attention.query, query)
    inner = [
        [math.tanh(w + q) for w, q in zip(linear(attention.words, state), of_query, strict=True)]
        for state in states
    ]
    return softmax(linear(attention.vector, one)[0] for one in inner)


def dot_by_hand(attention, states, query):
    assert not list(attention.parameters())
    return softmax(
        sum(h * q for h, q in zip(state, query, strict=True)) / math.sqrt(len(query))
        for state in states
    )


@pytest.fixture
def tensors():
    generator = torch.Generator().manual_seed(1)
    hidden = 2 * torch.randn(3, 5, 6, generator=generator, dtype=torch.float64)
    query = torch.randn(3, 6, generator=generator, dtype=torch.float64)
    mask = torch.arange(5) < torch.tensor(LENGTHS).unsqueeze(1)
    return hidden, mask, query


@pytest.mark.parametrize(
    ("attention", "by_hand"),
    [(AdditiveQueryAttention, additive_by_hand), (ScaledDotQueryAttention, dot_by_hand)],
    ids=["additive", "dot"],
)
def test_attention_equals_its_formula_written_in_floats(attention, by_hand, tensors):
    hidden, mask, query = tensors
    scorer = attention(6).double()
    weights = scorer(hidden, mask, query)
    for row, length in enumerate(LENGTHS):
        expected = by_hand(scorer, hidden[row, :length].tolist(), query[row].tolist())
        assert weights[row].tolist() == pytest.approx(expected + [0.0] * (5 - length), abs=1e-14)


@pytest.mark.parametrize("attention", [AdditiveQueryAttention, ScaledDotQueryAttention])
def test_another_query_moves_attention_on_its_own_document_alone(attention, tensors):
    hidden, mask, query = tensors
    scorer = attention(6).double()
    before = scorer(hidden, mask, query)
    query[0] += 1.0
    moved = (scorer(hidden, mask, query) - before).abs().amax(dim=1)
    assert moved[0] > 1e-3
    assert moved[1:].tolist() == [0.0, 0.0]


@pytest.mark.parametrize("attention", [AdditiveQueryAttention, ScaledDotQueryAttention])
def test_a_state_behind_the_mask_never_reaches_attention(attention, tensors):
    hidden, mask, query = tensors
    scorer = attention(6).double()
    before = scorer(hidden, mask, query)
    after = scorer(hidden.masked_fill(~mask.unsqueeze(2), math.nan), mask, query)
    torch.testing.assert_close(after, before, rtol=0, atol=1e-15)
