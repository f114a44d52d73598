from functools import partial

import numpy as np
import pytest
from scipy import stats

from attnaudit.errors import InvalidArgumentError
from attnaudit.records import Outcome
from attnaudit.verdicts import block_ends, first_drawn, judge, judge_in_blocks

LEVEL = 0.025


def in_blocks(claim, measurement, *, level=LEVEL, ends=None):
    ends = ends or block_ends(len(measurement.documents))
    return judge_in_blocks(claim, partial(first_drawn, measurement), level=level, ends=ends)


@pytest.mark.parametrize(
    ("total", "ends"),
    [(1, (1,)), (50, (50,)), (51, (50, 51)), (400, (50, 100, 200, 400)), (120, (50, 100, 120))],
)
def test_every_block_is_as_large_as_all_before_it_until_documents_run_out(total, ends):
    assert block_ends(total) == ends


def test_a_plain_case_is_decided_in_the_first_block_and_asks_for_no_more(agreement, measured):
    claim, asked = agreement(), []
    everything = measured(claim, [0.9] * 800)

    def count(end):
        asked.append(end)
        return first_drawn(everything, end)

    verdict, seen = judge_in_blocks(claim, count, level=LEVEL, ends=block_ends(800))
    assert verdict.outcome is Outcome.SUPPORTED
    assert asked == [50]
    assert verdict.rows[0].n == len(seen.documents) == 50


def test_an_open_case_is_looked_at_to_the_end(agreement, measured):
    claim = agreement()
    verdict, seen = in_blocks(claim, measured(claim, [0.5] * 130))
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert len(seen.documents) == 130


def test_documents_after_the_deciding_look_have_no_effect(agreement, measured):
    claim = agreement()
    decided = [0.9] * 60
    one, _ = in_blocks(claim, measured(claim, decided + [-1.0] * 140))
    other, _ = in_blocks(claim, measured(claim, decided + [1.0] * 140))
    assert one == other


def test_what_a_look_excluded_stays_excluded(agreement, measured):
    claim = agreement()
    values = [0.55] * 100 + [0.45] * 100
    looks = (50, 100, 200)
    early = judge(claim, measured(claim, values[:100]), level=LEVEL, looks=looks[:2]).rows[0]
    late = judge(claim, measured(claim, values), level=LEVEL, looks=looks).rows[0]
    alone = judge(claim, measured(claim, values), level=LEVEL).rows[0]
    assert late.low >= early.low > alone.low
    assert late.high <= early.high


def test_looks_that_contradict_each_other_decide_nothing(agreement, measured):
    claim = agreement()
    values = [1.0] * 50 + [-1.0] * 4_000
    row = judge(claim, measured(claim, values), level=LEVEL, looks=(50, 4_050)).rows[0]
    assert row.low > row.high
    assert row.outcome is Outcome.INCONCLUSIVE
    assert "contradicts" in row.reason


def test_the_place_of_drawing_says_which_documents_a_look_has_seen(agreement, measured):
    claim = agreement()
    whole = measured(claim, np.linspace(-1, 1, 10))
    backwards = first_drawn(whole, 10)
    backwards.draw.place[:] = backwards.draw.place[::-1].copy()
    seen = first_drawn(backwards, 3)
    assert seen.documents == ("d7", "d8", "d9")
    assert (seen.draw.drawn, seen.draw.population) == (3, 10)


def test_peeking_errs_no_oftener_than_the_level_where_a_t_test_does(agreement, measured):
    """At the boundary, with skewed values, stopping at the first look that decides."""
    generator, level, replicates = np.random.default_rng(0), 0.1, 150
    claim, ends = agreement(at_most=0.8), (50, 100, 200, 400)
    wrong_bets = wrong_t = 0
    for _ in range(replicates):
        values = np.where(generator.random(400) < 0.9, 1.0, -1.0)
        verdict, _ = in_blocks(claim, measured(claim, values), level=level, ends=ends)
        wrong_bets += verdict.outcome is Outcome.REFUTED
        seen = (values[:end] for end in ends)
        wrong_t += any(
            one.std() == 0 or stats.ttest_1samp(one, 0.8, alternative="greater").pvalue <= level
            for one in seen
        )
    assert stats.binomtest(wrong_bets, replicates, level, alternative="greater").pvalue > 0.01
    assert stats.binomtest(wrong_t, replicates, level, alternative="greater").pvalue < 0.01


@pytest.mark.parametrize("ends", [(), (100, 50), (50, 50)])
def test_looks_that_do_not_ascend_are_refused(agreement, measured, ends):
    claim = agreement()
    one = partial(first_drawn, measured(claim, [0.5] * 100))
    with pytest.raises(InvalidArgumentError, match="looks"):
        judge_in_blocks(claim, one, level=LEVEL, ends=ends)


@pytest.mark.parametrize(("total", "first"), [(0, 50), (10, 0)])
def test_blocks_without_a_document_are_refused(total, first):
    with pytest.raises(InvalidArgumentError, match="at least one document"):
        block_ends(total, first=first)
