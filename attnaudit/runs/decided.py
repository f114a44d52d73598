"""A claim decided on what is measured: its rows in run.json, the first time and ever after."""

import math
from collections.abc import Callable

from attnaudit.claims import Claim
from attnaudit.errors import InternalError
from attnaudit.records import Measurement, Verdict
from attnaudit.store.rows import claim_rows
from attnaudit.store.run import ClaimRow
from attnaudit.verdicts import judge, judge_in_blocks
from attnaudit.verdicts.beside import intervals_beside, null_estimate

Read = Callable[[int, str], Measurement | None]
"""A quantity of the first so many documents drawn; None if it was not measured, as some nulls."""


def decide_rows(
    claim: Claim,
    read: Read,
    *,
    level: float,
    ends: tuple[int, ...],
    grows: bool,
    model: str,
    site: str,
) -> tuple[ClaimRow, ...]:
    """Judge a claim, and say what belongs beside the verdict.

    Args:
        claim: What is claimed.
        read: Gives what is measured, measuring it if need be.
        level: Error probability for each direction.
        ends: How many documents have been drawn at each look; only the last one without `grows`.
        grows: Whether to stop at the first look that decides.
        model: Name of the model.
        site: Attention site.

    Returns:
        The rows, "overall" first.

    Raises:
        InternalError: If the claim's own quantity was not measured.
    """
    verdict, measurement = _judged(claim, read, level=level, ends=ends, grows=grows)
    drawn = ends[-1] if measurement.draw is None else measurement.draw.drawn
    null = None if claim.null_quantity is None else read(drawn, claim.null_quantity)
    return claim_rows(
        claim,
        verdict,
        model=model,
        site=site,
        beside=intervals_beside(claim, measurement),
        null=math.nan if null is None else null_estimate(claim, measurement, null),
        drawn=drawn,
    )


def _judged(
    claim: Claim, read: Read, *, level: float, ends: tuple[int, ...], grows: bool
) -> tuple[Verdict, Measurement]:
    def measured(end: int) -> Measurement:
        found = read(end, claim.quantity)
        if found is None:
            raise InternalError(f"claim {claim.id}: {claim.audit} measured no {claim.quantity}")
        return found

    if grows:
        return judge_in_blocks(claim, measured, level=level, ends=ends)
    measurement = measured(ends[-1])
    return judge(claim, measurement, level=level), measurement
