"""Which documents a claim must hold for: all of them, and each group it names.

Which groups there can be is known before anything is measured. So a group that was not drawn yet is
told from one that does not exist, and no sample chooses how many there are.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attnaudit.claims import Claim, Grouping
from attnaudit.errors import InternalError, InvalidArgumentError
from attnaudit.records import Measurement
from attnaudit.verdicts.confidence import CONFIDENCE_GROUPS, confidence_group
from attnaudit.verdicts.intervals import draw_of

OVERALL = "overall"
"""Name of the group of all documents."""

FEWEST_IN_GROUP = 20
"""A smaller group decides nothing: too few documents say what the group is like."""

# Fixed in advance, so that no model and no sample chooses its own groups.
_LENGTH_GROUPS = {"1-9": 9, "10-29": 29, "30-99": 99, "100-299": 299}
_LONGEST = "300+"
_ASCENDING: dict[Grouping, tuple[str, ...]] = {
    "length": (*_LENGTH_GROUPS, _LONGEST),
    "confidence": CONFIDENCE_GROUPS,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Documents that are judged together.

    Attributes:
        name: "overall", or for example "predicted=positive".
        index: [members] positions in the measurement.
    """

    name: str
    index: NDArray[np.intp]


def length_group(tokens: int) -> str:
    """The group of a document with this many tokens: 1-9, 10-29, 30-99, 100-299 or 300+."""
    return next((name for name, end in _LENGTH_GROUPS.items() if tokens <= end), _LONGEST)


def find_groups(claim: Claim, measurement: Measurement) -> tuple[Group, ...]:
    """The groups of a claim: "overall" first, then those of each grouping in turn.

    Documents with fewer tokens than the claim asks for are in no group. Classes come in
    alphabetical order, lengths and confidences in ascending order. A grouping that no document
    belongs to, such as "label" where there are no labels, is one empty group, so that it is not
    passed over.

    Raises:
        InvalidArgumentError: If the measurement lacks a grouping, or a confidence that the claim
            asks about is not a probability.
        InternalError: If a grouping does not have one entry per document.
    """
    return _groups(claim, measurement, also={})


def find_possible_groups(claim: Claim, measurement: Measurement) -> tuple[Group, ...]:
    """The groups of a claim, those included of which no document was drawn while some are undrawn.

    A claim that must hold in every group is open in one that has not been seen: the next document
    may be of it. Once all documents were drawn these are the groups that `find_groups` finds.

    Raises:
        InvalidArgumentError: As `find_groups`.
        InternalError: Likewise; also if the measurement contradicts itself.
    """
    draw = draw_of(measurement)
    if draw.drawn == draw.population:
        return find_groups(claim, measurement)
    return _groups(claim, measurement, also=_possible(claim, measurement))


def count_possible_groups(claim: Claim, measurement: Measurement) -> int:
    """How many groups a claim can have, "overall" among them, however many have been seen.

    Where the measurement does not know the classes, those that were seen are counted.

    Raises:
        InvalidArgumentError: As `find_groups`.
        InternalError: Likewise.
    """
    groups = _groups(claim, measurement, also=_possible(claim, measurement))
    return len(groups)


def _possible(claim: Claim, measurement: Measurement) -> dict[Grouping, tuple[str, ...]]:
    """Names of the groups of each grouping that there can be, as far as they are known."""
    classes = measurement.classes
    # No document that is long enough for the claim is in a group of shorter ones.
    ends = zip(_ASCENDING["length"], (*_LENGTH_GROUPS.values(), math.inf), strict=True)
    long_enough = tuple(name for name, end in ends if end >= claim.min_tokens)
    known = {**_ASCENDING, "predicted": classes, "label": classes, "length": long_enough}
    return {grouping: known[grouping] for grouping in claim.by}


def _groups(
    claim: Claim, measurement: Measurement, *, also: Mapping[Grouping, Sequence[str]]
) -> tuple[Group, ...]:
    """The groups that have documents, and those of these names that have none."""
    kept = np.flatnonzero(measurement.lengths >= claim.min_tokens).tolist()
    groups = [Group(name=OVERALL, index=np.array(kept, dtype=np.intp))]
    for grouping in claim.by:
        names = _names(grouping, measurement)
        present = {str(names[position]) for position in kept if names[position] is not None}
        wanted = present.union(also.get(grouping, ()))
        for name in _ASCENDING.get(grouping, sorted(wanted)):
            if name in wanted:
                members = [position for position in kept if names[position] == name]
                index = np.array(members, dtype=np.intp)
                groups.append(Group(name=f"{grouping}={name}", index=index))
        if not wanted:
            groups.append(Group(name=grouping, index=np.array([], dtype=np.intp)))
    return tuple(groups)


def _names(grouping: Grouping, measurement: Measurement) -> Sequence[str | None]:
    if grouping == "length":
        return [length_group(tokens) for tokens in measurement.lengths.tolist()]
    if grouping == "confidence":
        return [confidence_group(one) for one in measurement.confidence.tolist()]
    if grouping not in measurement.groups:
        raise InvalidArgumentError(
            f"the claim holds by {grouping}, but measurement {measurement.audit} / "
            f"{measurement.quantity} has only the groupings {sorted(measurement.groups)}"
        )
    names = measurement.groups[grouping]
    if len(names) != len(measurement.documents):
        raise InternalError(
            f"grouping {grouping} has {len(names)} entries for {len(measurement.documents)} "
            "documents"
        )
    return names
