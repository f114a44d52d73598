"""Claims about the documents themselves: what is known of them needs no interval."""

from dataclasses import replace

import numpy as np
import pytest

from attnaudit.records import Draw
from attnaudit.verdicts.change import Change
from attnaudit.verdicts.comparison import compare_measurements

THESE = "these documents"


@pytest.fixture
def compare(measured):
    """The overall row of a claim; `population` of either side's documents are there to draw."""

    def run(claim, old, new, *, population=(None, None), unpaired=0):
        sides = []
        for values, total in zip((old, new), population, strict=True):
            one = measured(claim, values)
            count = len(one.documents)
            if total is not None:
                draw = Draw(place=np.arange(count), drawn=count, population=total)
                one = replace(one, draw=draw)
            sides.append(one)
        [row] = compare_measurements(claim, *sides, level=0.025, unpaired=unpaired)
        return row

    return run


@pytest.fixture
def values():
    draw = np.random.default_rng(5)
    old = draw.uniform(0, 0.9, 30)
    return old, old + draw.normal(0, 0.03, 30).clip(-0.05, 0.05)


def test_the_difference_of_all_documents_is_known_to_the_last_digits(permutation, compare, values):
    old, new = (one.clip(0, 1) for one in values)
    row = compare(permutation(at_least=0.1, target=THESE), old, new)
    assert row.low == row.high == pytest.approx(np.mean(new) - np.mean(old), abs=1e-15)
    assert row.change is (Change.IMPROVED if row.low > 0 else Change.WORSE)
    bounded = compare(permutation(at_least=0.1), old, new)
    assert bounded.low < row.low < bounded.high
    assert bounded.change is Change.INCONCLUSIVE


def test_the_difference_of_medians_is_known_too(permutation, compare, values):
    old, new = (one.clip(0, 1) for one in values)
    row = compare(permutation(at_least=0.1, statistic="median", target=THESE), old, new)
    assert row.low == row.high == np.median(new) - np.median(old)


def test_a_fraction_is_counted(permutation, compare):
    claim = permutation(
        at_least=0.5, statistic="fraction", fraction_above=0.2, target=THESE, margin=0.2
    )
    row = compare(claim, [0.1, 0.3, 0.2, 0.4, 0.0], [0.3, 0.3, 0.2, 0.4, 0.0])
    assert row.low == row.high == pytest.approx(0.2)


def test_what_is_undefined_leaves_open_what_it_could_be(agreement, compare):
    claim = agreement(target=THESE, by=[])
    row = compare(claim, [0.5, 0.5, "constant importance", 0.5], [0.5] * 4)
    assert row.low == pytest.approx((0.5 - 1) / 4)
    assert row.high == pytest.approx((0.5 + 1) / 4)
    assert row.change is Change.INCONCLUSIVE


def test_equal_statistics_of_all_documents_are_unchanged_without_a_margin(permutation, compare):
    row = compare(permutation(at_least=0.1, target=THESE), [0.25, 0.5], [0.5, 0.25])
    assert row.change is Change.UNCHANGED


@pytest.mark.parametrize("population", [(31, None), (None, 31), (31, 31)])
def test_a_sample_of_these_documents_is_bounded_like_any(permutation, compare, values, population):
    old, new = (one.clip(0, 1) for one in values)
    row = compare(permutation(at_least=0.1, target=THESE), old, new, population=population)
    assert row == compare(permutation(at_least=0.1), old, new)


def test_all_documents_drawn_in_any_order_are_all_there_are(permutation, compare, values):
    old, new = (one.clip(0, 1) for one in values)
    claim = permutation(at_least=0.1, target=THESE)
    assert compare(claim, old, new, population=(30, 30)) == compare(claim, old, new)


def test_one_pair_of_many_documents_does_not_decide_for_all_of_them(permutation, compare):
    claim = permutation(at_least=0.1, target=THESE)
    row = compare(claim, [0.9], [0.1], unpaired=499)
    assert row.change is Change.INCONCLUSIVE
    assert row.low < -0.9
    assert row.high > 0.9
    assert row == compare(permutation(at_least=0.1), [0.9], [0.1])
