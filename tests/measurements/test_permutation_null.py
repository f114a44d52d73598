"""What shuffling does to attention that stood in random places before."""

import itertools
import statistics

import numpy as np
import pytest
import torch

from attnaudit.measurements import permutation as module
from attnaudit.measurements.permutation import permuted_attention_effect
from attnaudit.measurements.randomness import document_generator
from attnaudit.measurements.shuffles import random_orders


def effect(attended, *, draws=30, seed=0):
    rows = permuted_attention_effect(attended, draws=draws, seed=seed)
    return {(row.document, row.quantity): row for row in rows}


def distance(attended, unit, first, second):
    """Total variation distance between the outputs under two lists of weights."""
    readout = attended.readout.select(torch.tensor([unit]))
    outputs = [readout(torch.tensor([[one]], dtype=torch.float64))[0, 0] for one in (first, second)]
    return float((outputs[0] - outputs[1]).abs().sum() / 2)


@pytest.mark.parametrize("classes", [1, 3])
def test_of_a_short_document_it_is_the_mean_over_all_starts_of_the_median_over_all_orders(
    make_attended, classes
):
    weights = [0.55, 0.25, 0.15, 0.05]
    scores = np.random.default_rng(1).normal(0, 3, (4, classes)).tolist()
    attended = make_attended([weights], [scores], link="sigmoid" if classes == 1 else "softmax")
    orders = list(itertools.permutations(weights))
    expected = statistics.fmean(
        statistics.median(distance(attended, 0, start, again) for again in orders)
        for start in orders
    )
    found = effect(attended)
    assert found["d0", "tvd-null"].value == pytest.approx(expected, abs=1e-12)
    assert found["d0", "tvd-above-null"].value == pytest.approx(
        found["d0", "tvd"].value - expected, abs=1e-12
    )


def test_of_a_longer_one_each_draw_is_compared_with_the_others(make_attended, monkeypatch):
    monkeypatch.setattr(module, "STARTS", 4)
    generator = np.random.default_rng(2)
    weights = generator.dirichlet(np.ones(8) / 2).tolist()
    attended = make_attended([weights], [generator.normal(0, 3, 8).tolist()], names=["a"])
    orders = random_orders(document_generator(5, "permutation/0", "a"), draws=8, length=8)
    drawn = [[weights[place] for place in order] for order in orders]
    expected = statistics.fmean(
        statistics.median(
            distance(attended, 0, drawn[start], again)
            for number, again in enumerate(drawn)
            if number != start
        )
        for start in range(4)
    )
    found = effect(attended, draws=8, seed=5)
    assert found["a", "tvd-null"].value == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("draws", [2, 4, 60])
def test_attention_in_random_places_is_at_its_null_on_average(make_attended, draws):
    generator = np.random.default_rng(3)
    count, tokens = 2_000 if draws < 10 else 300, 9
    attentions = [generator.dirichlet(np.ones(tokens) / 3).tolist() for _ in range(count)]
    scores = [generator.normal(0, 4, tokens).tolist() for _ in range(count)]
    found = effect(make_attended(attentions, scores), draws=draws)
    above = [found[f"d{number}", "tvd-above-null"].value for number in range(count)]
    assert abs(statistics.fmean(above)) < 3 * statistics.stdev(above) / count**0.5
    assert statistics.fmean(found[f"d{one}", "tvd-null"].value for one in range(count)) > 0.1


def test_attention_on_the_one_word_that_decides_is_above_its_null(make_attended):
    weights = [0.9, *[0.01] * 10]
    found = effect(make_attended([weights], [[4.0, *[0.0] * 10]]), draws=100)
    assert found["d0", "tvd-above-null"].value > 0.3


@pytest.mark.parametrize("draws", [1, 3, 61])
def test_an_odd_number_of_draws_leaves_no_null_but_for_short_documents(make_attended, draws):
    short = [0.5, 0.3, 0.2]
    attended = make_attended(
        [[0.5, 0.1, 0.1, 0.1, 0.1, 0.1], short], [[1.0, 2, 3, 4, 5, 6], [1.0, 2, 3]]
    )
    odd, even = effect(attended, draws=draws), effect(attended, draws=draws + 1)
    cause = "odd number of draws"
    assert odd["d0", "tvd"].undefined is None
    assert odd["d0", "tvd-null"].undefined == odd["d0", "tvd-above-null"].undefined == cause
    assert even["d0", "tvd-null"].undefined is None
    # All orders of a short document are tried, however many draws there are.
    assert odd["d1", "tvd-null"].value == even["d1", "tvd-null"].value


def test_one_word_and_constant_attention_have_a_null_of_zero(make_attended):
    found = effect(make_attended([[1.0], [0.125] * 8], [[2.0], [5.0, *[0.0] * 7]]))
    for name in ("d0", "d1"):
        assert found[name, "tvd-null"].value == pytest.approx(0.0, abs=1e-15)
