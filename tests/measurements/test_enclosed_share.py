import numpy as np
import pytest
import torch
from scipy.spatial.distance import jensenshannon
from scipy.special import softmax

from attnaudit.adversaries import Adversary, exact_adversary
from attnaudit.measurements import enclosed_share as module
from attnaudit.measurements.enclosed_share import ENCLOSED, enclosed_shares
from attnaudit.records import Bound

WEIGHTS = [0.7, 0.2, 0.1]
SCORES = [[3.0, 0.0, -1.0], [0.0, 1.0, 0.5], [-1.0, 0.5, 1.5]]


def simplex(steps):
    first, second = np.meshgrid(np.arange(steps + 1), np.arange(steps + 1))
    inside = first + second <= steps
    one, other = first[inside] / steps, second[inside] / steps
    return np.stack([one, other, 1 - one - other], axis=1).clip(min=0)


def tried_share(weights, scores, max_tvd):
    """The largest share on a fine grid of all attentions over three tokens."""
    tried = simplex(300)
    own, outputs = softmax(np.dot(weights, scores)), softmax(tried @ np.array(scores), axis=1)
    divergence = jensenshannon(np.broadcast_to(weights, tried.shape), tried, axis=1) ** 2
    kept = 0.5 * np.abs(outputs - own).sum(axis=1) <= max_tvd
    return divergence[kept].max(initial=0.0) / divergence.max()


@pytest.fixture(scope="module")
def shares(make_attended):
    attended = make_attended([WEIGHTS], [SCORES], link="softmax")
    return enclosed_shares(attended, max_tvd=0.1)


@pytest.mark.parametrize("limit", [0.01, 0.05, 0.1, 0.2])
def test_the_best_of_all_attentions_on_a_grid_lies_between_the_ends(shares, limit):
    best = tried_share(WEIGHTS, SCORES, limit)
    assert best <= float(shares[limit].upper) + 1e-9
    # Between the points of the grid there may be farther ones, and 0.005 nats are not sought.
    assert float(shares[limit].lower) >= best - 0.01


def test_the_asked_distance_stands_among_the_fixed_ones(shares):
    assert list(shares) == [0.01, 0.05, 0.1, 0.2]
    assert {*shares} == {*ENCLOSED, 0.1}


def test_both_ends_rise_with_the_distance(shares):
    for end in ("lower", "upper"):
        curve = [float(getattr(ends, end)) for ends in shares.values()]
        assert curve == sorted(curve)
        assert curve[0] < curve[-1]


def test_an_end_that_falls_is_known_better_from_another_distance(make_attended, monkeypatch):
    enclosures = {0.01: (0.3, 0.65), 0.05: (0.2, 0.6), 0.2: (0.4, 0.7)}
    begun = []

    def enclose(attention, _, readout, *, max_tvd, candidates):
        begun.append(None if candidates is None else candidates[0, 0].tolist())
        lower, upper = (torch.tensor([end], dtype=torch.float64) for end in enclosures[max_tvd])
        return Adversary(
            attention=torch.tensor([[max_tvd, 1 - max_tvd, 0.0]], dtype=torch.float64),
            divergence=lower,
            upper_bound=upper,
            tvd=torch.zeros(1, dtype=torch.float64),
            probabilities=readout(attention.unsqueeze(1)).squeeze(1),
            free_maximum=torch.ones(1, dtype=torch.float64),
            kind=Bound.INTERVAL,
        )

    monkeypatch.setattr(module, "interval_adversary", enclose)
    attended = make_attended([WEIGHTS], [SCORES], link="softmax")
    found = enclosed_shares(attended, max_tvd=0.05)
    ends = [(float(one.lower), float(one.upper)) for one in found.values()]
    assert ends == [(0.3, 0.6), (0.3, 0.6), (0.4, 0.7)]
    assert begun == [None, [0.01, 0.99, 0.0], [0.05, 0.95, 0.0]]


def test_of_two_classes_the_exact_share_lies_between_the_ends(make_attended):
    scores = [[[0.0, score] for score in (3.0, 0.1, -0.2, 0.0)]]
    attended = make_attended([[0.7, 0.1, 0.1, 0.1]], scores, link="softmax")
    for limit, ends in enclosed_shares(attended, max_tvd=0.05).items():
        exact = exact_adversary(attended.attention, attended.mask, attended.readout, max_tvd=limit)
        share = float(exact.divergence / exact.free_maximum)
        assert float(ends.lower) - 1e-9 <= share <= float(ends.upper) + 1e-9


def test_tokens_that_all_say_the_same_leave_everything_free(make_attended):
    attended = make_attended([[0.6, 0.4]], [[[1.0, 0.0, 2.0]] * 2], link="softmax")
    for ends in enclosed_shares(attended, max_tvd=0.05).values():
        assert float(ends.lower) == pytest.approx(1.0)


def test_one_token_has_no_share(make_attended):
    attended = make_attended(
        [[1.0], [0.5, 0.5]], [[[1.0, 0.0, 2.0]], [[0.0] * 3] * 2], link="softmax"
    )
    for ends in enclosed_shares(attended, max_tvd=0.05).values():
        assert ends.lower.isnan().tolist() == ends.upper.isnan().tolist() == [True, False]
