"""Documents of one author or thread move together, and are one difference."""

import numpy as np
import pytest

from attnaudit.records import CLUSTER
from attnaudit.verdicts.change import Change
from attnaudit.verdicts.comparison import compare_measurements

SIZE = 8


@pytest.fixture
def compare(measured):
    def run(claim, old, new, *, clusters=(None, None), **options):
        sides = [
            measured(claim, values, groups={CLUSTER: names, **options} if names else options)
            for values, names in zip((old, new), clusters, strict=True)
        ]
        return compare_measurements(claim, *sides, level=0.025)

    return run


@pytest.fixture
def authors():
    """Fifteen authors, all of whose documents have one value before and one after."""
    draw = np.random.default_rng(2)
    old = draw.uniform(0.2, 0.8, 15)
    return old, old + draw.uniform(-0.08, 0.2, 15)


def copied(values):
    return np.repeat(values, SIZE)


NAMES = tuple(f"author {number}" for number in range(15) for _ in range(SIZE))


def test_copies_of_a_document_make_no_change_surer(permutation, compare, authors):
    claim = permutation(at_least=0.1, by=[])
    [alone] = compare(claim, *authors)
    old, new = map(copied, authors)
    [together] = compare(claim, old, new, clusters=(NAMES, NAMES))
    [apart] = compare(claim, old, new)
    assert (together.low, together.high) == pytest.approx((alone.low, alone.high), abs=1e-9)
    assert (alone.change, together.change) == (Change.INCONCLUSIVE,) * 2
    assert apart.change is Change.IMPROVED


@pytest.mark.parametrize("statistic", ["mean", "median"])
def test_clusters_that_one_run_names_hold_for_both(permutation, compare, authors, statistic):
    claim = permutation(at_least=0.1, by=[], statistic=statistic)
    old, new = map(copied, authors)
    by_both = compare(claim, old, new, clusters=(NAMES, NAMES))
    assert compare(claim, old, new, clusters=(NAMES, None)) == by_both
    assert compare(claim, old, new, clusters=(None, NAMES)) == by_both


def test_a_cluster_weighs_alike_however_many_documents_it_has(permutation, compare):
    claim = permutation(at_least=0.1, by=[])
    names = ("many",) * 9 + ("few",)
    [row] = compare(claim, [0.5] * 10, [0.7] * 9 + [0.3], clusters=(names, names))
    assert (row.old, row.new, row.n) == pytest.approx((0.5, 0.5, 10))


def test_a_group_of_few_clusters_decides_nothing(permutation, compare, authors):
    claim = permutation(at_least=0.1, by=["predicted"])
    old, new = map(copied, authors)
    _, row = compare(claim, old, new, clusters=(NAMES, NAMES), predicted=("a",) * len(NAMES))
    assert row.change is Change.INCONCLUSIVE
    assert row.reason == "15 clusters; a group under 20 decides nothing"
