import numpy as np
import pytest

from attnaudit.calibration import Rate
from attnaudit.calibration.adaptive import CLAIMS, measure_adaptive
from attnaudit.calibration.cells import Cell
from attnaudit.calibration.confirmation import Confirmed
from attnaudit.calibration.draws import draw
from attnaudit.calibration.error_rates import measure_cells
from attnaudit.calibration.session import measure_sessions


def drawn(size, *sizes, samples=400):
    generator = np.random.default_rng(1)
    return [draw(population=size, n=n, samples=samples, generator=generator) for n in sizes]


def skewed(size=1_000):
    """One document in fifty is far from all others."""
    return np.where(np.arange(size) % 50 == 0, 0.0, 0.9)


def test_on_a_skewed_population_student_errs_and_the_verdicts_do_not(permutation_claim, population):
    claim = permutation_claim()
    cells = measure_cells(claim, population(claim, skewed()), drawn(1_000, 20, 50), judged=1)
    for cell in cells:
        assert cell.student_support.share > 0.2
        assert cell.false_support.share <= 0.025
        assert cell.false_refute.share <= 0.025
        # The first, and the nearest if it is another, of each outcome at five thresholds.
        assert 5 <= cell.confirmed.total <= 30
    assert cells[-1].confirmed.decided > 0


def test_the_cell_of_a_smooth_population_errs_seldom_and_decides_far_away(
    permutation_claim, population
):
    claim = permutation_claim()
    values = np.random.default_rng(0).beta(2, 2, 1_000)
    small, large = measure_cells(claim, population(claim, values), drawn(1_000, 20, 200), judged=0)
    assert small.truth == pytest.approx(values.mean())
    assert (small.n, large.n) == (20, 200)
    for cell in (small, large):
        assert len(cell.errors) == 4
        assert all(rate.share < 0.025 for rate in cell.errors)
    assert small.undecided_true.share > 0.5
    assert large.undecided_true.share < 0.2
    assert large.undecided_false.share < 0.2
    assert not large.lacks_power


def test_rates_are_missing_where_no_threshold_exists(permutation_claim, population):
    claim = permutation_claim()
    [cell] = measure_cells(claim, population(claim, [0.0] * 99 + [1.0]), drawn(100, 20), judged=0)
    # Half a standard deviation below a mean of 0.01 there is nothing.
    assert cell.undecided_true is None
    assert cell.undecided_false is not None


def test_a_median_that_many_documents_share_has_no_cell(permutation_claim, population):
    claim = permutation_claim(statistic="median")
    assert measure_cells(claim, population(claim, skewed()), drawn(1_000, 20), judged=0) == []


@pytest.mark.parametrize(
    ("share", "least", "lacks"), [(0.2, 30.0, False), (0.21, 30.0, True), (0.21, 70.0, False)]
)
def test_power_is_asked_for_with_two_hundred_documents_where_a_third_could_do(share, least, lacks):
    none, some = Rate(0, 100), Rate(round(100 * share), 100)
    for n in (50, 200):
        cell = Cell(
            construction="c",
            claim="c",
            statistic="mean",
            truth=0.5,
            n=n,
            false_support=none,
            false_refute=none,
            near_support=none,
            near_refute=none,
            undecided_true=none,
            undecided_false=some,
            student_support=none,
            student_refute=none,
            confirmed=Confirmed(),
            least_false=least,
        )
        assert cell.lacks_power is (lacks and n == 200)


def test_a_session_of_twenty_claims_seldom_has_any_wrong_verdict(populous):
    cells = measure_sessions(populous(500), drawn(500, 20, 100))
    assert [cell.n for cell in cells] == [20, 100]
    for cell in cells:
        assert cell.any_wrong.share <= 0.05
        # Sharing the error probability can only take verdicts away.
        assert cell.any_wrong.count <= cell.unshared.count


def test_too_few_quantities_make_no_session(permutation_claim, population):
    claim = permutation_claim()
    assert measure_sessions(population(claim, skewed()), drawn(1_000, 20)) == []


def test_looking_again_and_again_misleads_student_and_not_the_bets(populous):
    cells = measure_adaptive(
        populous(500), level=0.025, samples=400, generator=np.random.default_rng(0)
    )
    assert {cell.claim for cell in cells} == set(CLAIMS)
    ours = [rate.share for cell in cells for rate in (cell.false_support, cell.false_refute)]
    usual = [rate.share for cell in cells for rate in (cell.student_support, cell.student_refute)]
    assert max(ours) <= 0.025
    assert np.mean(usual) > 0.035


def test_what_never_varies_is_not_looked_at(permutation_claim, population):
    claim = permutation_claim()
    cells = measure_adaptive(
        population(claim, [0.4] * 20), level=0.025, samples=5, generator=np.random.default_rng(0)
    )
    assert cells == []
