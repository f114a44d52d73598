from collections import Counter

import numpy as np
import pytest
from scipy.stats import chisquare

from attnaudit.calibration.draws import draw


def drawn(*, samples=1_203, n=7, population=11, seed=0):
    generator = np.random.default_rng(seed)
    return draw(population=population, n=n, samples=samples, generator=generator)


def test_counts_say_how_often_each_document_is_in_a_sample():
    draws = drawn()
    for index, counts in zip(draws.index, draws.counts, strict=True):
        assert dict(Counter(index.tolist())) == {
            place: count for place, count in enumerate(counts.tolist()) if count
        }


def test_every_document_is_drawn_equally_often():
    assert chisquare(drawn().counts.sum(axis=0)).pvalue > 1e-4


@pytest.mark.parametrize("n", [1, 3, 7])
def test_the_first_documents_of_a_sample_are_a_sample(n):
    draws = drawn()
    first = draws.first(n)
    assert (first.n, first.samples) == (n, draws.samples)
    assert (first.index == draws.index[:, :n]).all()
    assert (first.counts.sum(axis=1) == n).all()
    assert (first.counts <= draws.counts).all()


def test_a_seed_draws_the_same_again():
    assert (drawn(seed=5).index == drawn(seed=5).index).all()
    assert (drawn(seed=5).index != drawn(seed=6).index).any()
