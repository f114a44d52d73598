import math

import pytest
import torch

from attnaudit.adversaries import admits_exact, exact_adversary
from attnaudit.errors import InvalidArgumentError
from attnaudit.models.readout import LinearReadout
from attnaudit.records import Bound

TOLERANCES = [0.0, 0.001, 0.05, 0.3, 0.9]


def all_real(values):
    return torch.ones(values.shape, dtype=torch.bool)


def one_row(values):
    return torch.tensor([values], dtype=torch.float64)


def test_one_token_leaves_no_other_attention(sigmoid_readout):
    scores = one_row([1.7])
    for max_tvd in (0.0, 0.05, 1.0):
        found = exact_adversary(
            one_row([1.0]), all_real(scores), sigmoid_readout(scores), max_tvd=max_tvd
        )
        assert (found.divergence.item(), found.attention.item()) == (0.0, 1.0)


def test_where_nothing_may_move_and_two_scores_differ_only_the_own_attention_remains(
    sigmoid_readout,
):
    attention, scores = one_row([0.3, 0.7]), one_row([-1.0, 2.0])
    found = exact_adversary(attention, all_real(scores), sigmoid_readout(scores), max_tvd=0.0)
    torch.testing.assert_close(found.attention, attention)
    assert found.divergence.item() == pytest.approx(0, abs=1e-12)


def test_where_nothing_may_move_a_third_token_frees_the_weights(sigmoid_readout, divergence_of):
    attention, scores = one_row([0.1, 0.8, 0.1]), one_row([-1.0, 0.0, 1.0])
    found = exact_adversary(attention, all_real(scores), sigmoid_readout(scores), max_tvd=0.0)
    torch.testing.assert_close(found.attention, one_row([0.5, 0.0, 0.5]))
    assert found.divergence.item() == pytest.approx(divergence_of([0.1, 0.8, 0.1], [0.5, 0.0, 0.5]))


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("max_tvd", [0.0, 1e-3, 0.05])
def test_a_saturated_output_has_a_witness(sigmoid_readout, divergence_of, sign, max_tvd):
    attention, scores = one_row([0.8, 0.1, 0.1]), sign * one_row([40.0, 39.0, 41.0])
    found = exact_adversary(attention, all_real(scores), sigmoid_readout(scores), max_tvd=max_tvd)
    corner = [0.0, 1.0, 0.0] if max_tvd else [0.0, 0.5, 0.5]
    assert found.divergence.item() == pytest.approx(divergence_of([0.8, 0.1, 0.1], corner))


def test_probabilities_that_may_reach_certainty_leave_that_side_open(sigmoid_readout):
    attention, scores = one_row([0.9, 0.05, 0.05]), one_row([3.0, 900.0, -900.0])
    found = exact_adversary(attention, all_real(scores), sigmoid_readout(scores), max_tvd=0.1)
    assert found.attention.tolist() == [[0.0, 1.0, 0.0]]
    everything = exact_adversary(attention, all_real(scores), sigmoid_readout(scores), max_tvd=1.0)
    assert everything.divergence.item() == everything.free_maximum.item()


@pytest.mark.parametrize("max_tvd", [0.0, 0.05])
@pytest.mark.parametrize("tokens", [2, 300])
def test_equal_scores_permit_every_attention(sigmoid_readout, max_tvd, tokens):
    generator = torch.Generator().manual_seed(0)
    attention = torch.softmax(torch.randn(1, tokens, generator=generator).double(), dim=1)
    scores = torch.full((1, tokens), 0.7, dtype=torch.float64)
    found = exact_adversary(attention, all_real(scores), sigmoid_readout(scores), max_tvd=max_tvd)
    assert found.divergence.item() == pytest.approx(found.free_maximum.item())


def test_a_token_exactly_on_a_face_is_admissible(sigmoid_readout):
    attention, scores = one_row([0.5, 0.3, 0.2]), one_row([0.0, 2.0, -3.0])
    found = exact_adversary(attention, all_real(scores), sigmoid_readout(scores), max_tvd=0.0)
    assert found.attention[0, 0].item() in {0.0, 1.0}
    assert found.divergence.item() > 0.2


@pytest.mark.parametrize("weights", [[1.0, 0.0, 0.0], [0.0, 0.5, 0.5], [0.0, 0.0, 1.0]])
@pytest.mark.parametrize("max_tvd", TOLERANCES)
def test_weights_of_zero_have_exact_limits(sigmoid_readout, slow_maximum, weights, max_tvd):
    scores = one_row([0.4, -1.0, 2.0])
    found = exact_adversary(
        one_row(weights), all_real(scores), sigmoid_readout(scores), max_tvd=max_tvd
    )
    expected = slow_maximum(weights, scores[0].tolist(), max_tvd=max_tvd)
    assert found.divergence.item() == pytest.approx(expected, abs=1e-9)


def test_a_top_token_alone_in_carrying_the_output_cannot_be_emptied(sigmoid_readout):
    evidence = one_row([6.0] + [0.0] * 19)
    attention = one_row([0.8] + [0.2 / 19] * 19)
    faithful = exact_adversary(
        attention, all_real(evidence), sigmoid_readout(evidence), max_tvd=0.05
    )
    spread = one_row([6.0, 6.0] + [0.0] * 18)
    redundant = exact_adversary(attention, all_real(spread), sigmoid_readout(spread), max_tvd=0.05)
    assert faithful.attention[0, 0].item() > 0.4
    assert redundant.attention[0, 0].item() == 0
    assert faithful.divergence.item() < 0.5 * faithful.free_maximum.item()
    assert redundant.divergence.item() > 0.9 * redundant.free_maximum.item()


@pytest.mark.parametrize("max_tvd", [0.0, 1e-7, 0.01, 0.05])
def test_float32_input_gives_the_float64_answer_and_an_admissible_witness(
    random_units, sigmoid_readout, max_tvd
):
    lengths = [1, 5, 40, 200, 33]
    attention, mask, scores = random_units(lengths, seed=8, dtype=torch.float32, spread=6.0)
    coarse = exact_adversary(attention, mask, sigmoid_readout(scores), max_tvd=max_tvd)
    fine = exact_adversary(
        attention.double() / attention.double().sum(dim=1, keepdim=True),
        mask,
        sigmoid_readout(scores.double()),
        max_tvd=max_tvd,
    )
    assert coarse.kind is Bound.EXACT
    assert coarse.divergence.dtype == torch.float64
    assert coarse.tvd.max().item() <= max_tvd + 1e-6
    torch.testing.assert_close(coarse.divergence, fine.divergence, rtol=0, atol=1e-4)


def test_a_readout_too_coarse_for_its_witness_gives_an_interval_and_keeps_the_bound(
    random_units, sigmoid_readout
):
    attention, mask, scores = random_units([30] * 20, seed=9, dtype=torch.bfloat16)
    found = exact_adversary(attention, mask, sigmoid_readout(scores), max_tvd=0.05)
    assert found.kind is Bound.INTERVAL
    assert found.tvd.max().item() <= 0.05 + 1e-6
    assert (found.divergence <= found.upper_bound + 1e-12).all()
    assert (found.divergence < found.upper_bound - 1e-6).any()
    assert (found.upper_bound <= found.free_maximum + 1e-12).all()


def test_a_long_unit_is_solved_and_confirmed(random_units, sigmoid_readout):
    attention, mask, scores = random_units([8000, 5], seed=10)
    found = exact_adversary(attention, mask, sigmoid_readout(scores), max_tvd=0.05)
    assert found.divergence[0].item() > 0.69
    assert found.tvd.max().item() <= 0.05


def test_only_one_logit_that_is_linear_in_attention_admits_the_exact_adversary():
    def readout(columns, link):
        return LinearReadout(torch.zeros(1, 3, columns), torch.zeros(columns), link)

    assert admits_exact(readout(1, "sigmoid"))
    assert admits_exact(readout(2, "softmax"))
    assert not admits_exact(readout(3, "softmax"))
    assert not admits_exact(readout(1, "multilabel"))
    with pytest.raises(InvalidArgumentError, match='link "softmax" with 3 score columns'):
        exact_adversary(
            torch.full((1, 3), 1 / 3),
            torch.ones(1, 3, dtype=torch.bool),
            readout(3, "softmax"),
            max_tvd=0.05,
        )


def test_a_readout_of_another_kind_is_refused_by_name(squaring_readout):
    with pytest.raises(InvalidArgumentError, match="got Squaring"):
        exact_adversary(one_row([1.0]), all_real(one_row([1.0])), squaring_readout, max_tvd=0.05)


@pytest.mark.parametrize("max_tvd", [-0.1, 1.5, math.nan])
def test_a_distance_outside_zero_to_one_is_refused(sigmoid_readout, max_tvd):
    scores = one_row([1.0, 2.0])
    with pytest.raises(InvalidArgumentError, match="max_tvd must be"):
        exact_adversary(
            one_row([0.5, 0.5]), all_real(scores), sigmoid_readout(scores), max_tvd=max_tvd
        )


def test_attention_that_does_not_sum_to_one_is_refused(sigmoid_readout):
    scores = one_row([1.0, 2.0])
    with pytest.raises(InvalidArgumentError, match=r"row 0 sums to 0\.9"):
        exact_adversary(one_row([0.5, 0.4]), all_real(scores), sigmoid_readout(scores), max_tvd=0.1)


def test_a_score_that_is_not_finite_is_refused_at_its_place(sigmoid_readout):
    scores = one_row([1.0, math.inf])
    with pytest.raises(InvalidArgumentError, match=r"entry \[0, 1\] is inf"):
        exact_adversary(one_row([0.5, 0.5]), all_real(scores), sigmoid_readout(scores), max_tvd=0.1)


def test_the_readout_of_another_batch_is_refused(sigmoid_readout):
    with pytest.raises(InvalidArgumentError, match=r"\[1, 3\] units and tokens"):
        exact_adversary(
            one_row([0.5, 0.5]),
            all_real(one_row([0.5, 0.5])),
            sigmoid_readout(one_row([1.0, 2.0, 3.0])),
            max_tvd=0.1,
        )
