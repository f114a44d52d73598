"""Whether a calibration passes: what is demanded of the rates, and which of them break it."""

from collections.abc import Iterator, Sequence

from attnaudit.calibration.cells import ENOUGH, FAR, LEVEL, MOST_INCONCLUSIVE
from attnaudit.calibration.rates import Rate
from attnaudit.calibration.record import Calibration
from attnaudit.calibration.session import CLAIMS_PER_SESSION

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
    once. What could not have failed has not passed: no rates, too few replicates for any to fail,
    no decided verdict that `judge` repeated, or a whole calibration without some kind of cells.
    """
    rates = tested_rates(calibration)
    found = _untested(calibration, rates)
    found += [
        f"{name}: {rate.share:.4f}, above {nominal:g}"
        for name, rate, nominal in rates
        if _fails(rate, nominal, len(rates))
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


def _fails(rate: Rate, nominal: float, rates: int) -> bool:
    return rate.exceeds(nominal, level=_CONFIDENCE / rates)


def _untested(calibration: Calibration, rates: Sequence[tuple[str, Rate, float]]) -> list[str]:
    """What could not have failed: no rates, too few replicates, or a kind of cells left out."""
    if not rates:
        return ["no error rate was tested"]
    found = []
    few = [
        rate.total
        for _, rate, nominal in rates
        if not _fails(Rate(rate.total, rate.total), nominal, len(rates))
    ]
    if few:
        found.append(
            f"{len(few)} of {len(rates)} error rates could not fail, whatever they are: "
            f"{min(few)} replicates are too few"
        )
    if calibration.cells and not sum(cell.confirmed.decided for cell in calibration.cells):
        found.append("`judge` repeated no verdict that was supported or refuted")
    if calibration.whole:
        kinds = {
            "claim by itself": calibration.cells,
            "session": calibration.sessions,
            "claim that is looked at again and again": calibration.adaptive,
            "claim that is judged in blocks": calibration.blocks,
            "claim about the collapsed model": calibration.collapse,
        }
        found += [f"no {kind} was calibrated" for kind, cells in kinds.items() if not cells]
    return found


def _tested(calibration: Calibration) -> Iterator[tuple[str, Rate, float]]:
    for cell in calibration.cells:
        for rate in cell.errors:
            yield f"{cell.construction}, {cell.claim}, n = {cell.n}", rate, LEVEL
    for session in calibration.sessions:
        name = f"{session.construction}, {CLAIMS_PER_SESSION} claims, n = {session.n}"
        yield name, session.any_wrong, SESSION_LEVEL
    for adaptive in calibration.adaptive:
        name = f"{adaptive.construction}, {adaptive.claim}, adaptive"
        yield name, adaptive.false_support, LEVEL
        yield name, adaptive.false_refute, LEVEL
    for blocks in calibration.blocks:
        name = f"{blocks.construction}, {blocks.claim}, {blocks.question}"
        yield name, blocks.false_support, LEVEL
        if blocks.false_refute is not None:
            yield name, blocks.false_refute, LEVEL
