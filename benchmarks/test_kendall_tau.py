"""Kendall's tau of a ragged batch beside scipy's, row by row: same rows, same run, and the ratio.

Both give the statistic and its p-value. scipy gets the raw values, without the rule of ties that
ours also applies.
"""

import statistics
import time

import pytest
import scipy.stats
import torch

from attnaudit.metrics import kendall_tau

TOKENS = 200_000
"""In all rows together, so that every length takes about as long."""
SCIPY_ROWS = 100
SCIPY_ROUNDS = 5


def ragged(length, *, levels):
    """Correlated rows of 0.7 to 1 times `length` tokens, padded, with so many values at most."""
    generator = torch.Generator().manual_seed(length)
    rows = min(2_000, TOKENS // length)
    lengths = torch.randint(int(0.7 * length), length + 1, (rows, 1), generator=generator)
    mask = torch.arange(length) < lengths
    scores, other = torch.randn(2, rows, length, generator=generator, dtype=torch.float64)
    ranks = (side.argsort(dim=1).argsort(dim=1) for side in (scores, scores + 2 * other))
    x, y = ((side * levels // length).double() / levels for side in ranks)
    return x, y, mask


@pytest.mark.parametrize("tied", [1, 4], ids=["no_ties", "ties_of_four"])
@pytest.mark.parametrize("length", [20, 50, 200, 500, 1000, 2000, 4000])
def test_kendall_tau_beside_scipy(benchmark, device, length, tied):
    x, y, mask = ragged(length, levels=length // tied)
    some = range(min(SCIPY_ROWS, len(mask)))
    rows = [(x[row][mask[row]].numpy(), y[row][mask[row]].numpy()) for row in some]

    def scipy_seconds():
        begin = time.perf_counter()
        expected = [scipy.stats.kendalltau(*row) for row in rows]
        return time.perf_counter() - begin, expected

    before = [scipy_seconds() for _ in range(SCIPY_ROUNDS)]
    here = [one.to(device) for one in (x, y, mask)]
    found = benchmark.pedantic(kendall_tau, args=here, rounds=9, warmup_rounds=2)
    after = [scipy_seconds() for _ in range(SCIPY_ROUNDS)]

    expected = before[0][1]
    per_row = statistics.median(seconds for seconds, _ in before + after) / len(rows)
    per_row_here = benchmark.stats.stats.median / len(mask)
    benchmark.extra_info.update(
        {
            "rows": len(mask),
            "mean_tokens": round(float(mask.sum(dim=1).double().mean()), 1),
            "ratio": round(per_row / per_row_here, 2),
            "microseconds_per_row": round(1e6 * per_row_here, 1),
            "microseconds_per_row_scipy": round(1e6 * per_row, 1),
        }
    )
    for name in ("statistic", "pvalue"):
        theirs = torch.tensor([getattr(one, name) for one in expected], dtype=torch.float64)
        ours = getattr(found, name)[: len(rows)].cpu()
        torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-12)
