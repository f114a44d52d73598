"""What a calibration amounts to, in a few lines."""

from attnaudit.calibration.cells import ENOUGH, FAR, LEVEL, MOST_INCONCLUSIVE, PRICE
from attnaudit.calibration.confirmation import Confirmed
from attnaudit.calibration.findings import failures, tested_rates
from attnaudit.calibration.record import Calibration, Settings


def summary_lines(calibration: Calibration, settings: Settings) -> list[str]:
    """What was drawn, the worst rates, what Student's t would have done, and what fails."""
    cells = calibration.cells
    confirmed = sum((cell.confirmed for cell in cells), Confirmed())
    usual = [rate for cell in cells for rate in (cell.student_support, cell.student_refute)]
    lines = [
        (
            f"* {settings.documents} documents of each construction (seed {settings.seed}), "
            f"{settings.samples} samples of each size, {confirmed.total} verdicts repeated by "
            f"`judge` itself with the same outcome, {confirmed.decided} of them supported or "
            "refuted"
        )
    ]
    rates = tested_rates(calibration)
    if rates:
        name, worst, nominal = max(rates, key=lambda one: one[1].share / one[2])
        lines.append(
            f"* {len(rates)} error rates; the highest share of what is allowed: {worst.share:.4f} "
            f"of {nominal:g} ({name})"
        )
    if usual:
        above = sum(rate.share > LEVEL for rate in usual)
        highest = max(rate.share for rate in usual)
        lines.append(
            f"* by Student's t interval {above} of {len(usual)} rates would be above {LEVEL:g}, "
            f"the highest {highest:.3f}"
        )
    lines += _power_lines(calibration)
    found = failures(calibration)
    return [*lines, *(f"* FAILED {one}" for one in found), "* passed" if not found else "* failed"]


def _power_lines(calibration: Calibration) -> list[str]:
    undecided = [one for cell in calibration.cells if cell.n == ENOUGH for one in cell.undecided]
    if not undecided:
        return []
    above = [one for one in undecided if one[0].share > MOST_INCONCLUSIVE]
    excused = [least for _, least in above if PRICE * least > ENOUGH]
    lines = [
        (
            f"* inconclusive at {FAR} standard deviations with {ENOUGH} documents: at most "
            f"{MOST_INCONCLUSIVE} in {len(undecided) - len(above)} of {len(undecided)} rates"
        )
    ]
    if excused:
        lines.append(
            f"* {len(excused)} others are excused, as any valid rule needs {min(excused):.0f} "
            f"documents or more there, which is more than a third of {ENOUGH}"
        )
    return lines
