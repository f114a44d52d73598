"""Which documents a claim must hold for: all of them, and each group it names."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attnaudit.claims import Claim, Grouping
from attnaudit.errors import InternalError, InvalidArgumentError
from attnaudit.records import Measurement
from attnaudit.verdicts.confidence import CONFIDENCE_GROUPS, confidence_group

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

    @property
    def too_small(self) -> bool:
        """Whether the group may decide nothing. All documents together always may."""
        return self.name != OVERALL and len(self.index) < FEWEST_IN_GROUP


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
    kept = np.flatnonzero(measurement.lengths >= claim.min_tokens).tolist()
    groups = [Group(name=OVERALL, index=np.array(kept, dtype=np.intp))]
    for grouping in claim.by:
        names = _names(grouping, measurement)
        present = {names[position] for position in kept} - {None}
        order = sorted(str(name) for name in present)
        if grouping in _ASCENDING:
            order = [name for name in _ASCENDING[grouping] if name in present]
        for name in order:
            members = [position for position in kept if names[position] == name]
            groups.append(Group(name=f"{grouping}={name}", index=np.array(members, dtype=np.intp)))
        if not order:
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
