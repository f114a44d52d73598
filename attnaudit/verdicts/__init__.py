"""Verdicts: what documents say about a claim, with a known probability of being wrong."""

from attnaudit.verdicts.blocks import FIRST_BLOCK, block_ends, first_drawn, judge_in_blocks
from attnaudit.verdicts.confidence import CONFIDENCE_GROUPS, confidence_group
from attnaudit.verdicts.decision import direction_level, judge
from attnaudit.verdicts.evidence import CONSTANT_ATTENTION
from attnaudit.verdicts.groups import FEWEST_IN_GROUP, length_group

__all__ = [
    "CONFIDENCE_GROUPS",
    "CONSTANT_ATTENTION",
    "FEWEST_IN_GROUP",
    "FIRST_BLOCK",
    "block_ends",
    "confidence_group",
    "direction_level",
    "first_drawn",
    "judge",
    "judge_in_blocks",
    "length_group",
]
