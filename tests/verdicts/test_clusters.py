import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.statistics import log_capital_above, median_lower_bound, median_upper_bound
from attnaudit.verdicts.clusters import (
    cluster_means,
    clustered_median,
    clustered_median_lower_bound,
    clustered_median_upper_bound,
)

# Few different values, so that ties occur; few clusters, so that they have several documents.
DOCUMENTS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.3, 0.7, 1.0]), st.integers(0, 6)),
    min_size=1,
    max_size=40,
)


def columns(documents):
    return (
        np.array([value for value, _ in documents]),
        np.array([cluster for _, cluster in documents], dtype=np.intp),
    )


def by_cluster(documents):
    """The values of each cluster, in the order of the clusters' numbers."""
    numbers = sorted({cluster for _, cluster in documents})
    return [[value for value, cluster in documents if cluster == number] for number in numbers]


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS)
def test_a_cluster_has_the_mean_of_its_documents(documents):
    expected = [math.fsum(one) / len(one) for one in by_cluster(documents)]
    assert cluster_means(*columns(documents)) == pytest.approx(expected, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS.flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_the_order_of_documents_changes_no_bit_of_a_mean(pair):
    one, other = (cluster_means(*columns(documents)) for documents in pair)
    assert one.tolist() == other.tolist()


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS)
def test_the_median_is_that_of_documents_copied_until_all_clusters_are_of_one_size(documents):
    clusters = by_cluster(documents)
    size = math.lcm(*(len(one) for one in clusters))
    copies = [value for one in clusters for value in one for _ in range(size // len(one))]
    assert clustered_median(*columns(documents)) == pytest.approx(np.median(copies), abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(DOCUMENTS, st.sampled_from([0.4, 0.2, 0.05]))
def test_the_lower_end_of_a_median_is_the_largest_value_that_bets_on_clusters_prove(
    documents, level
):
    def proved(value):
        shares = [sum(x >= value for x in one) / len(one) for one in by_cluster(documents)]
        return log_capital_above(np.array(shares), 0.5) >= -math.log(level)

    expected = max((value for value, _ in documents if proved(value)), default=-1)
    found = clustered_median_lower_bound(*columns(documents), level=level, least=-1)
    assert found == expected


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([0.0, 0.2, 0.5, 0.9]), min_size=1, max_size=40))
def test_a_median_of_clusters_of_one_document_is_bounded_as_that_of_documents(found):
    values, alone = np.array(found), np.arange(len(found))
    assert clustered_median_lower_bound(values, alone, level=0.2, least=-1) == (
        median_lower_bound(values, level=0.2, least=-1)
    )
    assert clustered_median_upper_bound(values, alone, level=0.2, greatest=2) == (
        median_upper_bound(values, level=0.2, greatest=2)
    )
