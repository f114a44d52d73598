"""Whether a calibration passes: what is demanded of the rates, and which of them break it."""

from collections.abc import Iterator

from attnaudit.calibration.cells import ENOUGH, FAR, LEVEL, MOST_INCONCLUSIVE
from attnaudit.calibration.rates import Rate
from attnaudit.calibration.record import Calibration
from attnaudit.calibration.session import CLAIMS

SESSION_LEVEL = 2 * LEVEL
"""Probability, at most, of any wrong verdict in a session."""
_CONFIDENCE = 0.05


def tested_rates(calibration: Calibration) -> list[tuple[str, Rate, float]]:
    """Every rate of errors that is tested: what it is of, the rate, and what it may be."""
    return list(_tested(calibration))


def failures(calibration: Calibration) -> list[str]:
    """What breaks a demand, in words; empty if the calibration passes.

    A rate of errors fails if it is proved to be above the nominal one, with a probability of 0.05,
    at most, that any of all these rates is said to be so wrongly (Bonferroni). Power fails where
    more than a fifth stays undecided at half a standard deviation with 200 documents, though some
    valid rule might do with a third of them, and the collapsed model where it is supported even
    once.
    """
    rates = tested_rates(calibration)
    found = [
        f"{name}: {rate.share:.4f}, above {nominal:g}"
        for name, rate, nominal in rates
        if rate.exceeds(nominal, level=_CONFIDENCE / len(rates))
    ]
    found += [
        f"{cell.construction}, {cell.claim}: more than {MOST_INCONCLUSIVE:.0%} inconclusive at "
        f"{FAR} standard deviations with {ENOUGH} documents"
        for cell in calibration.cells
        if cell.lacks_power
    ]
    found += [
        f"the collapsed model, {cell.claim}: supported in {cell.supported.count} of "
        f"{cell.supported.total} samples of {cell.n}"
        for cell in calibration.collapse
        if cell.supported.count
    ]
    return found


def _tested(calibration: Calibration) -> Iterator[tuple[str, Rate, float]]:
    for cell in calibration.cells:
        for rate in cell.errors:
            yield f"{cell.construction}, {cell.claim}, n = {cell.n}", rate, LEVEL
    for session in calibration.sessions:
        name = f"{session.construction}, {CLAIMS} claims, n = {session.n}"
        yield name, session.any_wrong, SESSION_LEVEL
    for adaptive in calibration.adaptive:
        name = f"{adaptive.construction}, {adaptive.claim}, adaptive"
        yield name, adaptive.false_support, LEVEL
        yield name, adaptive.false_refute, LEVEL
