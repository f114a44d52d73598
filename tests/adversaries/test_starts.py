import math

import numpy as np
import pytest
import scipy.stats

from attnaudit.adversaries import paper_starts


def test_starts_are_normal_around_the_logits_of_uniform_attention():
    starts = paper_starts(np.random.default_rng(0), 40, restarts=200)
    assert starts.shape == (200, 40)
    standard = (starts.ravel() + math.log(40)) / 3
    assert scipy.stats.kstest(standard, "norm").pvalue > 0.01


def test_the_same_generator_gives_the_same_starts_and_another_gives_others():
    first, again, other = (
        paper_starts(np.random.default_rng(seed), 5, restarts=2) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.isclose(first, other).any()


def test_no_noise_is_shared_between_restarts():
    starts = paper_starts(np.random.default_rng(3), 5, restarts=2)
    assert starts[0] != pytest.approx(starts[1])
