"""Documents drawn until a claim is decided: how many at a time, and when to stop."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from attnaudit.claims import Claim
from attnaudit.errors import InvalidArgumentError
from attnaudit.records import Measurement, Outcome, Verdict
from attnaudit.verdicts.decision import judge
from attnaudit.verdicts.intervals import draw_of

FIRST_BLOCK = 50
"""Documents before the first look. Each further block is as large as all before it together."""


def block_ends(total: int, *, first: int = FIRST_BLOCK) -> tuple[int, ...]:
    """After how many documents to look: 50, 100, 200, 400, ... and last at all of them.

    Args:
        total: Documents that there are.
        first: Documents before the first look.

    Raises:
        InvalidArgumentError: If there is no document, or none before the first look.
    """
    if total < 1 or first < 1:
        raise InvalidArgumentError(
            f"blocks need at least one document; there are {total}, and {first} before the first "
            "look"
        )
    ends: list[int] = []
    while first < total:
        ends.append(first)
        first *= 2
    return (*ends, total)


def judge_in_blocks(
    claim: Claim,
    measured: Callable[[int], Measurement],
    *,
    level: float,
    ends: Sequence[int],
) -> tuple[Verdict, Measurement]:
    """The verdict of the first look that decides a claim, or of the last one if none does.

    The error probability holds although one stops where one likes the numbers: a bettor's capital
    passes the target with no more than that probability at any time, and only what the documents
    up to a look say counts at it.

    Args:
        claim: What is claimed.
        measured: Gives its quantity of the first so many documents drawn. It is asked for no more
            than are needed.
        level: Error probability for each direction, as from `direction_level`.
        ends: How many documents have been drawn at each look, ascending.

    Returns:
        The verdict, and the measurement that it rests on.

    Raises:
        InvalidArgumentError: As `judge`; also if there is no look, or looks do not ascend.
        InternalError: If the measurement contradicts itself.

    Source:
        Ville (1939): the inequality holds at every stopping time.
    """
    if not ends or list(ends) != sorted(set(ends)):
        raise InvalidArgumentError(
            f"looks should ascend, and there should be one at least; they are {list(ends)}"
        )
    for number, end in enumerate(ends, start=1):
        measurement = measured(end)
        verdict = judge(claim, measurement, level=level, looks=ends[:number])
        if verdict.outcome is not Outcome.INCONCLUSIVE:
            break
    return verdict, measurement


def first_drawn(measurement: Measurement, count: int) -> Measurement:
    """The measurement as it was when this many documents had been drawn.

    Args:
        measurement: Of that many documents, or of more.
        count: Documents drawn.

    Raises:
        InternalError: If the measurement contradicts itself.
    """
    draw = draw_of(measurement)
    whole = replace(measurement, draw=replace(draw, drawn=count))
    return whole.select(np.flatnonzero(draw.place < count))
