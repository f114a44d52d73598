"""Verdicts: what documents say about a claim, with a known probability of being wrong."""

from attnaudit.verdicts.confidence import CONFIDENCE_GROUPS, confidence_group
from attnaudit.verdicts.decision import direction_level, judge
from attnaudit.verdicts.evidence import CONSTANT_ATTENTION
from attnaudit.verdicts.groups import FEWEST_IN_GROUP, length_group

__all__ = [
    "CONFIDENCE_GROUPS",
    "CONSTANT_ATTENTION",
    "FEWEST_IN_GROUP",
    "confidence_group",
    "direction_level",
    "judge",
    "length_group",
]
