import itertools
import math

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from attnaudit.errors import InvalidArgumentError
from attnaudit.measurements import at_once
from attnaudit.measurements.exchangeable import exchangeable_shares
from attnaudit.measurements.randomness import document_generator
from attnaudit.measurements.shuffles import random_orders

# So odd that no product of the numbers below is exactly the limit, where rounding would decide.
MAX_TVD, MAX_LOGIT_CHANGE, DRAWS = 0.0500319, 0.5003719, 7
QUANTITIES = ("output-share", "logit-share")


def shares_of(
    attended, by_name, *, draws=DRAWS, seed=0, max_tvd=MAX_TVD, max_logit=MAX_LOGIT_CHANGE
):
    return by_name(
        exchangeable_shares(
            attended, max_tvd=max_tvd, max_logit_change=max_logit, draws=draws, seed=seed
        )
    )


def softmax(numbers):
    powers = [math.exp(number - max(numbers)) for number in numbers]
    return [power / sum(powers) for power in powers]


def slow_shares(weights, scores):
    """Both shares by running every exchange; scores hold one logit per class and token."""
    top = [t for t, weight in enumerate(weights) if weight >= max(weights) * (1 - 1e-9)]
    kept, still = [], []
    for i in top:
        for j in range(len(weights)):
            if j == i:
                continue
            exchanged = list(weights)
            exchanged[i], exchanged[j] = weights[j], weights[i]
            before, after = (
                [
                    sum(w * row[c] for w, row in zip(one, scores, strict=True))
                    for c in range(len(scores[0]))
                ]
                for one in (weights, exchanged)
            )
            p, q = softmax(before), softmax(after)
            kept.append(sum(abs(a - b) for a, b in zip(p, q, strict=True)) / 2 <= MAX_TVD)
            first, second = sorted(before, reverse=True)[:2]
            # Which of two equal classes is predicted is a matter of rounding.
            assume(len(before) == 2 or first - second > 1e-9)
            predicted = before.index(first)
            lead_before, lead_after = (
                one[predicted] - max(one[:predicted] + one[predicted + 1 :])
                for one in (before, after)
            )
            still.append(abs(lead_after - lead_before) <= MAX_LOGIT_CHANGE)
    return sum(kept) / len(kept), sum(still) / len(still)


def slow_with_null(weights, scores, *, document, draws, seed):
    generator = document_generator(seed, "exchange/0", document)
    orders = random_orders(generator, draws=draws, length=len(weights))
    shuffled = [slow_shares([weights[t] for t in order], scores) for order in orders]
    null = [sum(column) / draws for column in zip(*shuffled, strict=True)]
    return slow_shares(weights, scores), null


@st.composite
def documents(draw, classes):
    length = draw(st.integers(2, 7))
    # Few distinct values, so that ties of weights and of scores occur.
    parts = draw(st.lists(st.integers(0, 4), min_size=length, max_size=length).filter(any))
    weights = [part / sum(parts) for part in parts]
    score = st.sampled_from([-3.1, -1.03, -0.23, 0.0, 0.41, 1.7, 4.3])
    row = st.lists(score, min_size=classes, max_size=classes)
    return weights, draw(st.lists(row, min_size=length, max_size=length))


@pytest.mark.parametrize("opaque", [False, True])
@pytest.mark.parametrize("classes", [1, 2, 3])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_shares_and_nulls_are_those_of_running_every_exchange(
    data, make_attended, by_name, classes, opaque
):
    some = data.draw(st.lists(documents(classes), min_size=1, max_size=3))
    attended = make_attended(
        [weights for weights, _ in some],
        [scores for _, scores in some],
        link="sigmoid" if classes == 1 else "softmax",
        opaque=opaque,
    )
    found = shares_of(attended, by_name, seed=3)
    for number, (weights, scores) in enumerate(some):
        two_sided = [[0.0, *row] for row in scores] if classes == 1 else scores
        own, null = slow_with_null(weights, two_sided, document=f"d{number}", draws=DRAWS, seed=3)
        for position, quantity in enumerate(QUANTITIES):
            name = f"d{number}", quantity
            assert found[name].value == pytest.approx(own[position])
            assert found[name[0], f"{quantity}-null"].value == pytest.approx(null[position])
            difference = found[name[0], f"{quantity}-above-null"].value
            assert difference == pytest.approx(own[position] - null[position])


def test_the_bias_of_the_output_is_part_of_the_share_in_probability(make_attended, by_name):
    weights, scores = [[0.6, 0.2, 0.2]], [[1.0, 0.0, -1.0]]
    central = shares_of(make_attended(weights, scores), by_name)
    confident = shares_of(make_attended(weights, scores, bias=[8.0]), by_name)
    assert central["d0", "output-share"].value == 0.0
    assert confident["d0", "output-share"].value == 1.0
    assert central["d0", "logit-share"].value == confident["d0", "logit-share"].value == 0.5


@pytest.mark.parametrize("opaque", [False, True])
def test_constant_attention_lets_every_exchange_pass(make_attended, by_name, opaque):
    attended = make_attended([[0.2] * 5], [[5.0, -4.0, 3.0, 0.0, 1.0]], opaque=opaque)
    found = shares_of(attended, by_name)
    for quantity in QUANTITIES:
        assert found["d0", quantity].value == found["d0", f"{quantity}-null"].value == 1.0
        assert found["d0", f"{quantity}-above-null"].value == 0.0


def test_one_token_has_no_other_to_exchange_with(make_attended, by_name):
    found = shares_of(make_attended([[1.0], [0.5, 0.5]], [[2.0], [1.0, 3.0]]), by_name)
    causes = {name: row.undefined for (name, _), row in found.items()}
    assert causes == {"d0": "one token", "d1": None}
    assert sum(name == "d0" for name, _ in found) == 6


def test_neither_padding_nor_memory_limits_change_a_value(make_attended, by_name, monkeypatch):
    generator = torch.Generator().manual_seed(0)
    weights = [torch.rand(n, generator=generator).double() for n in (3, 6, 12, 5)]
    attentions = [(one / one.sum()).tolist() for one in weights]
    scores = [(4 * torch.randn(len(one), generator=generator)).tolist() for one in attentions]
    together = {}
    for opaque in (False, True):
        together[opaque] = shares_of(make_attended(attentions, scores, opaque=opaque), by_name)
    monkeypatch.setattr(at_once, "NUMBERS_AT_ONCE", 1)
    for number, pair in enumerate(zip(attentions, scores, strict=True)):
        for opaque in (False, True):
            alone = make_attended(*([one] for one in pair), opaque=opaque, names=[f"d{number}"])
            for name, row in shares_of(alone, by_name).items():
                assert row.value == pytest.approx(together[opaque][name].value, abs=1e-12)


def test_what_is_made_at_once_is_bounded_and_changes_nothing(make_rowwise, by_name, monkeypatch):
    generator = torch.Generator().manual_seed(2)
    rows = torch.rand(3, 7, generator=generator).double()
    attended = make_rowwise((rows / rows.sum(dim=1, keepdim=True)).tolist(), [*range(-3, 4)])
    together = shares_of(attended, by_name, max_tvd=0.02)
    assert 0 < together["d0", "output-share-null"].value < 1
    seen = []
    replace = type(attended.readout).replace

    def watched(readout, given):
        seen.append(given.numel())
        return replace(readout, given)

    monkeypatch.setattr(type(attended.readout), "replace", watched)
    # Two of the seven exchanges of one top position.
    monkeypatch.setattr(at_once, "NUMBERS_AT_ONCE", 2 * rows.numel())
    parted = shares_of(attended, by_name, max_tvd=0.02)
    assert max(seen) == 2 * rows.numel()
    assert {key: row.value for key, row in parted.items()} == pytest.approx(
        {key: row.value for key, row in together.items()}, abs=1e-15
    )


def test_all_rows_of_a_site_are_exchanged_alike(make_rowwise, by_name):
    # The mean is largest at 0; the second row has its peak elsewhere.
    rows, scores = [[0.8, 0.1, 0.1], [0.3, 0.4, 0.3]], [2.0, -1.0, 0.5]
    attended = make_rowwise(rows, scores)
    found = shares_of(attended, by_name, max_tvd=0.2)
    unnoticed = 0
    for j in (1, 2):
        exchanged = [list(row) for row in rows]
        for row in exchanged:
            row[0], row[j] = row[j], row[0]
        logits = [
            sum(math.tanh(sum(w * z for w, z in zip(row, scores, strict=True))) for row in one)
            for one in (rows, exchanged)
        ]
        p, q = (1 / (1 + math.exp(-logit)) for logit in logits)
        unnoticed += abs(p - q) <= 0.2
    assert unnoticed == 1
    assert found["d0", "output-share"].value == unnoticed / 2


def test_rows_that_cancel_in_the_mean_are_not_taken_for_constant(make_rowwise, by_name):
    attended = make_rowwise([[0.9, 0.1], [0.1, 0.9]], [5.0, -0.5])
    assert attended.attention.tolist() == [[0.5, 0.5]]
    found = shares_of(attended, by_name)
    assert found["d0", "output-share"].value == 1.0
    uneven = make_rowwise([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5], [0.0, 0.5, 0.5]], [5.0, -5.0, 0.1])
    assert shares_of(uneven, by_name)["d0", "output-share"].value < 1.0


def test_probabilities_of_zero_leave_only_the_share_in_log_odds_undefined(make_attended, by_name):
    attended = make_attended([[0.9, 0.1]], [[2000.0, 1500.0]], opaque=True)
    found = shares_of(attended, by_name)
    assert found["d0", "logit-share"].undefined == "saturated output"
    assert found["d0", "output-share"].value == 1.0


def test_a_linear_readout_knows_its_log_odds_however_saturated_it_is(make_attended, by_name):
    found = shares_of(make_attended([[0.9, 0.1]], [[2000.0, 1500.0]]), by_name)
    assert found["d0", "logit-share"].value == 0.0


def test_independent_labels_are_refused(make_attended, by_name):
    attended = make_attended([[0.9, 0.1]], [[[1.0, 2.0], [3.0, 4.0]]], link="multilabel")
    with pytest.raises(InvalidArgumentError, match="each label by itself"):
        shares_of(attended, by_name)


TAKEN_OVER = [[2.0, 1.0, -3.0], [2.0, 1.0, 12.0], [2.0, 1.0, 12.0]]


@pytest.mark.parametrize("opaque", [False, True])
def test_a_third_class_that_takes_over_is_noticed(make_attended, by_name, opaque):
    attended = make_attended([[0.8, 0.1, 0.1]], [TAKEN_OVER], link="softmax", opaque=opaque)
    assert shares_of(attended, by_name)["d0", "logit-share"].value == 0.0


def test_the_order_of_the_classes_changes_nothing(make_attended, by_name):
    weights = [[0.5, 0.3, 0.1, 0.1]]
    scores = [[2.0, 1.1, 0.3], [0.2, 1.3, 1.0], [1.5, 0.0, 0.4], [1.9, 1.0, 0.9]]
    first = shares_of(make_attended(weights, [scores], link="softmax"), by_name)
    for order in itertools.permutations(range(3)):
        reordered = [[row[one] for one in order] for row in scores]
        other = shares_of(make_attended(weights, [reordered], link="softmax"), by_name)
        for quantity in ("output-share", "logit-share", "logit-share-null"):
            assert other["d0", quantity].value == first["d0", quantity].value
