import math

import pytest
import torch

from attnaudit.errors import InvalidArgumentError
from attnaudit.metrics import check_attention, masked_softmax, uniform_attention

MASK = torch.tensor([[True, True, True, False], [True, False, True, True]])


def test_masked_softmax_is_the_softmax_of_the_real_tokens_alone():
    logits = torch.tensor([[1.0, -2.0, 0.5, 9.0], [0.0, 7.0, 1.0, 2.0]], dtype=torch.float64)
    ours = masked_softmax(logits, MASK)
    for row in range(2):
        real = [math.exp(logits[row, t]) for t in range(4) if MASK[row, t]]
        expected = [weight / sum(real) for weight in real]
        torch.testing.assert_close(ours[row][MASK[row]].tolist(), expected)
    assert ours[~MASK].eq(0).all()


def test_masked_softmax_never_reads_padding():
    logits = torch.randn(2, 4, generator=torch.Generator().manual_seed(0))
    spoiled = logits.masked_fill(~MASK, math.nan)
    torch.testing.assert_close(
        masked_softmax(spoiled, MASK), masked_softmax(logits, MASK), rtol=0, atol=0
    )


def test_masked_softmax_survives_logits_that_overflow_an_exponential():
    ours = masked_softmax(torch.tensor([[1e4, 0.0]]), torch.ones(1, 2, dtype=torch.bool))
    assert ours.tolist() == [[1.0, 0.0]]


def test_uniform_attention_gives_every_real_token_the_same_weight():
    weights = uniform_attention(MASK, dtype=torch.float64)
    torch.testing.assert_close(weights, MASK.double() / 3)
    check_attention(weights, MASK)


@pytest.mark.parametrize("function", [uniform_attention, lambda m: masked_softmax(m.float(), m)])
def test_a_row_without_a_token_is_refused(function):
    with pytest.raises(InvalidArgumentError, match="row 1 has none"):
        function(torch.tensor([[True], [False]]))


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([0.5, 0.5, 0.5, 0.0], "row 0 sums to 1.5"),
        ([0.5, 0.6, -0.1, 0.0], "row 0 goes down to -0.1"),
        ([0.5, math.nan, 0.5, 0.0], r"entry \[0, 1\] is nan"),
        ([0.5, 0.2, 0.2, 0.1], r"entry \[0, 3\] is 0.1"),
    ],
)
def test_attention_off_the_simplex_over_the_mask_is_refused_with_its_place(weights, message):
    with pytest.raises(InvalidArgumentError, match=message):
        check_attention(torch.tensor([weights]), MASK[:1])


def test_rounding_of_a_long_row_in_float32_is_not_an_error():
    logits = 3 * torch.randn(1, 8000, generator=torch.Generator().manual_seed(1))
    check_attention(torch.softmax(logits, dim=1), torch.ones(1, 8000, dtype=torch.bool))
