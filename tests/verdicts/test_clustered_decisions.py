"""Claims about documents that come in clusters, decided and compared."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from attnaudit.errors import UsageError
from attnaudit.records import Draw, Outcome
from attnaudit.statistics import lower_bound, upper_bound
from attnaudit.verdicts import judge
from attnaudit.verdicts.beside import intervals_beside, null_estimate
from attnaudit.verdicts.comparison import compare_measurements
from attnaudit.verdicts.evidence import gather_evidence
from attnaudit.verdicts.intervals import Drawn, row_interval
from attnaudit.verdicts.statistic import Levels

LEVEL = 0.025


def chance_of(outcome, claim, measured, *, clusters, size, named):
    """Exact probability of an outcome if a fair coin is tossed once per cluster for all of it."""
    names = [f"author {number}" for number in range(clusters) for _ in range(size)]
    chance = 0.0
    for heads in range(clusters + 1):
        values = [1.0] * heads * size + [0.0] * (clusters - heads) * size
        measurement = measured(claim, values, groups={"cluster": names} if named else {})
        if judge(claim, measurement, level=LEVEL).outcome is outcome:
            chance += stats.binom.pmf(heads, clusters, 0.5)
    return chance


@pytest.mark.parametrize(
    "statistic", [{}, {"statistic": "fraction", "fraction_above": 0.3}, {"statistic": "median"}]
)
def test_a_true_claim_is_refuted_too_often_by_documents_and_not_by_clusters(
    permutation, measured, statistic
):
    # A fair coin's mean, its share of ones and its median all reach one half, or just do not.
    claim = permutation(at_least=0.5, **statistic)
    chances = {
        named: chance_of(Outcome.REFUTED, claim, measured, clusters=30, size=20, named=named)
        for named in (True, False)
    }
    assert chances[False] > 0.1
    assert chances[True] <= LEVEL


def test_clusters_decide_what_there_is_enough_of(permutation, measured):
    claim = permutation(at_least=0.1)
    names = [f"author {number}" for number in range(60) for _ in range(3)]
    verdict = judge(claim, measured(claim, [0.3] * 180, groups={"cluster": names}), level=LEVEL)
    assert verdict.outcome is Outcome.SUPPORTED
    assert (verdict.rows[0].n, verdict.rows[0].clusters) == (180, 60)


def test_clusters_weigh_alike_however_many_documents_they_have(permutation, measured):
    claim = permutation(at_least=0.3)
    values, names = [0.0] * 8 + [0.4, 0.8], ["a"] * 8 + ["b", None]
    row = judge(claim, measured(claim, values, groups={"cluster": names}), level=LEVEL).rows[0]
    means = np.array([0.0, 0.4, 0.8])
    assert row.estimate == pytest.approx(0.4)
    assert row.low == lower_bound(means, level=LEVEL)
    assert row.high == upper_bound(means, level=LEVEL)
    assert row.clusters == 3


def test_documents_of_which_none_names_a_cluster_are_draws_of_their_own(permutation, measured):
    claim = permutation(at_least=0.3)
    plain = measured(claim, [0.1, 0.4, 0.6])
    without = replace(plain, groups={"cluster": (None,) * 3})
    assert judge(claim, without, level=LEVEL) == judge(claim, plain, level=LEVEL)
    assert judge(claim, plain, level=LEVEL).rows[0].clusters is None


def test_a_document_without_a_value_enters_its_cluster_at_either_end(permutation, measured):
    claim = permutation(at_least=0.5, undefined="either")
    values = [0.6, "some cause", 0.6, 0.6]
    found = measured(claim, values, groups={"cluster": ["a", "a", "b", "b"]})
    row = judge(claim, found, level=LEVEL).rows[0]
    assert row.low == pytest.approx(lower_bound(np.array([0.3, 0.6]), level=LEVEL))
    assert row.high == pytest.approx(upper_bound(np.array([0.8, 0.6]), level=LEVEL))
    assert row.estimate == pytest.approx(0.6)


def test_a_group_has_only_the_documents_of_a_cluster_that_are_in_it(permutation, measured):
    claim = permutation(at_least=0.1, by=["predicted"])
    names = [f"author {number}" for number in range(25) for _ in range(2)]
    found = measured(
        claim, [0.2, 0.8] * 25, groups={"cluster": names, "predicted": ["no", "yes"] * 25}
    )
    rows = judge(claim, found, level=LEVEL).rows
    assert [(row.n, row.clusters) for row in rows] == [(50, 25), (25, 25), (25, 25)]
    assert [row.estimate for row in rows] == pytest.approx([0.5, 0.2, 0.8])


def test_a_group_of_many_documents_from_few_clusters_decides_nothing(permutation, measured):
    claim = permutation(at_least=0.1, by=["predicted"])
    names = [f"author {number % 19}" for number in range(400)]
    found = measured(claim, [0.9] * 400, groups={"cluster": names, "predicted": ["yes"] * 400})
    verdict = judge(claim, found, level=LEVEL)
    assert [row.outcome for row in verdict.rows] == [Outcome.SUPPORTED, Outcome.INCONCLUSIVE]
    assert verdict.rows[1].reason == "19 clusters; a group under 20 decides nothing"
    assert verdict.needed == (20, 20)


def test_short_documents_are_left_out_before_clusters_are_formed(permutation, measured):
    claim = permutation(at_least=0.3, min_tokens=5)
    names, lengths = ["a", "a", "b", "c"], [9, 2, 9, 2]
    found = measured(claim, [0.4, 0.0, 0.6, 0.0], lengths=lengths, groups={"cluster": names})
    row = judge(claim, found, level=LEVEL).rows[0]
    assert (row.n, row.clusters, row.estimate) == (2, 2, pytest.approx(0.5))


def test_these_documents_stand_for_nothing_so_clusters_play_no_part(permutation, measured):
    claim = permutation(at_least=0.1, target="these documents")
    row = judge(
        claim, measured(claim, [0.0, 0.0, 0.0, 0.8], groups={"cluster": [*"aaab"]}), level=LEVEL
    ).rows[0]
    assert row.low == row.high == pytest.approx(0.2)
    assert row.clusters is None


def test_a_part_of_these_documents_that_was_drawn_by_cluster_is_refused(permutation, measured):
    claim = permutation(at_least=0.1, target="these documents")
    found = measured(claim, [0.1, 0.2], groups={"cluster": ["a", "a"]})
    part = replace(found, draw=Draw(place=np.arange(2), drawn=2, population=3))
    with pytest.raises(UsageError, match="2 of 3 were drawn, by cluster; audit all of them"):
        judge(claim, part, level=LEVEL)


def test_a_cluster_counts_from_the_look_at_which_it_is_whole(permutation, measured):
    claim = permutation(at_least=0.5)
    # The first look ends inside b, which looks much worse then than it is.
    values = [0.9, 0.9, 0.0, 1.0, 1.0, 0.8, 0.8]
    found = measured(claim, values, groups={"cluster": [*"aabbbcc"]})
    found = replace(found, draw=Draw(place=np.arange(7), drawn=7, population=9))
    low, high = [0.9], [0.9, 2 / 3]
    first = judge(claim, found, level=0.2, looks=[3]).rows[0]
    both = judge(claim, found, level=0.2, looks=[3, 7]).rows[0]
    assert first.high == pytest.approx(upper_bound(np.array(low), level=0.2))
    assert both.low == pytest.approx(lower_bound(np.array(high), level=0.2))


def test_the_cluster_drawn_last_is_not_the_one_stored_last(permutation, measured):
    claim = permutation(at_least=0.5)
    found = measured(claim, [0.9, 0.2, 0.9, 0.4, 0.2], groups={"cluster": [*"abacb"]})
    place = np.array([4, 1, 5, 2, 0])
    found = replace(found, draw=Draw(place=place, drawn=6, population=9))
    row = judge(claim, found, level=0.2, looks=[6]).rows[0]
    assert row.high == pytest.approx(upper_bound(np.array([0.2, 0.4]), level=0.2))
    assert row.low == pytest.approx(lower_bound(np.array([0.2, 0.4]), level=0.2))


def test_before_any_cluster_is_whole_nothing_is_known(permutation, measured):
    claim = permutation(at_least=0.5)
    found = measured(claim, [0.9] * 60, groups={"cluster": ["a"] * 60})
    found = replace(found, draw=Draw(place=np.arange(60), drawn=60, population=90))
    row = judge(claim, found, level=0.2, looks=[50, 60]).rows[0]
    assert (row.low, row.high) == (0, 1)


def test_when_none_is_left_to_draw_the_last_cluster_counts_too(permutation, measured):
    claim = permutation(at_least=0.5)
    found = measured(claim, [0.9, 0.8, 0.7], groups={"cluster": [*"abb"]})
    row = judge(claim, found, level=0.2, looks=[1, 3]).rows[0]
    assert row.low == pytest.approx(lower_bound(np.array([0.9, 0.75]), level=0.2))


def test_a_customary_interval_resamples_clusters(permutation, measured):
    claim = permutation(at_least=0.5)
    rng = np.random.default_rng(0)
    means = rng.random(40)
    names = [f"author {number}" for number in range(40) for _ in range(10)]
    [clustered] = intervals_beside(
        claim, measured(claim, np.repeat(means, 10), groups={"cluster": names})
    )
    [of_means] = intervals_beside(claim, measured(claim, means))
    assert clustered.bca == pytest.approx(of_means.bca)
    assert clustered.unadjusted == pytest.approx(of_means.unadjusted)


def test_a_null_weighs_clusters_as_the_estimate_does(permutation, measured):
    claim = permutation(at_least=0.5)
    null = measured(claim, [0.0, 0.0, 0.0, 0.6], groups={"cluster": [*"aaab"]})
    assert null_estimate(claim, null, null) == pytest.approx(0.3)


def test_releases_are_compared_by_clusters(permutation, measured):
    claim = permutation(at_least=0.5, margin=0.05)
    rng = np.random.default_rng(1)
    before, moved = rng.uniform(0.3, 0.5, 30), rng.uniform(0, 0.4, 30)
    names = {"cluster": [f"author {number}" for number in range(30) for _ in range(8)]}
    clustered = [
        measured(claim, np.repeat(values, 8), groups=names) for values in (before, before + moved)
    ]
    single = [measured(claim, values) for values in (before, before + moved)]
    [row] = compare_measurements(claim, *clustered, level=LEVEL)
    [expected] = compare_measurements(claim, *single, level=LEVEL)
    assert (row.low, row.high) == pytest.approx((expected.low, expected.high))


def test_stopping_where_one_likes_is_safe_though_sizes_of_clusters_tell_their_values(
    permutation, measured
):
    # Zeros write three documents and ones write one, so a look is at more zeros than there are.
    claim, levels = permutation(at_least=0.5), Levels(low=0.25, high=0.25)
    wrong = {True: 0, False: 0}
    for coins in itertools.product([0.0, 1.0], repeat=8):
        documents = [
            (coin, f"author {number}")
            for number, coin in enumerate(coins)
            for _ in range(1 if coin else 3)
        ]
        values, names = zip(*documents, strict=True)
        for named in wrong:
            groups = {"cluster": names} if named else {}
            row = Drawn(
                evidence=gather_evidence(claim, measured(claim, values, groups=groups)),
                place=np.arange(len(values)),
                drawn=len(values),
                population=100,
                looks=tuple(sorted({min(look, len(values)) for look in (5, 10, 30)})),
            )
            _, high = row_interval(claim, row, levels)
            wrong[named] += high < 0.5
    assert wrong[False] > 0.25 * 2**8
    assert 0 < wrong[True] <= 0.25 * 2**8
