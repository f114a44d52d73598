"""What a claim of an audit is about, and what has to be granted for it to mean anything.

A claim may say so itself; what stands here is what its audit does. Replacing attention over hidden
states says nothing of the input words, which an encoder has mixed before; deleting or masking a
word, or the slope along its embedding, does.

Source:
    Levels: Serrano & Smith (2019), Tutek & Snajder (2020). Assumptions: Jacovi & Goldberg (2020),
    section 6.
"""

from collections.abc import Mapping
from typing import Literal

Level = Literal["input-word", "hidden-state"]
"""Whether a claim speaks of words of the input, or of positions whose states hold many words."""

Assumption = Literal["model", "prediction", "linearity"]
"""What a claim takes for granted: "model", that models of equal decisions reason alike;
"prediction", that alike inputs of alike decisions are reasoned about alike; "linearity", that parts
of an input contribute apart from each other."""

Meaning = tuple[Level, Assumption | None]

_REPLACED: Meaning = ("hidden-state", "model")
_OF_AUDIT: Mapping[str, Meaning] = {
    "agreement": ("input-word", "linearity"),
    "permutation": _REPLACED,
    "adversary": _REPLACED,
    "exchange": _REPLACED,
    "inversion": _REPLACED,
    # The same attention of two encoders: no output is compared, so no decisions have to be equal.
    "randomisation": ("hidden-state", None),
}
_OF_STATES = frozenset({"attention-gradient"})


def usual_meaning(audit: object, importance: object = None) -> Meaning:
    """Level and assumption of an audit's claims that do not say otherwise.

    Args:
        audit: Name of the audit, or whatever stands in its place in a file.
        importance: What attention is compared with, where the audit compares; likewise.

    Returns:
        The level, and the assumption or None if nothing has to be granted. A claim of an audit that
        does not exist, which is an error elsewhere, is as of one that replaces attention.
    """
    if isinstance(importance, str) and importance in _OF_STATES:
        return "hidden-state", "linearity"
    return _OF_AUDIT.get(str(audit), _REPLACED)
