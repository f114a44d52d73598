"""What a claim of an audit is about, and what has to be granted for it to mean anything.

A claim may say so itself; what stands here is what its audit does. Replacing attention over hidden
states says nothing of the input words, which an encoder has mixed before; deleting a word, or the
slope along its embedding, does.

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

_WORDS: tuple[Level, Assumption] = ("input-word", "linearity")
_POSITIONS: tuple[Level, Assumption] = ("hidden-state", "model")
_OF_AUDIT: Mapping[str, tuple[Level, Assumption]] = {
    "agreement": _WORDS,
    "erasure": _WORDS,
}
_OF_STATES = frozenset({"attention-gradient"})


def usual_meaning(audit: object, importance: object = None) -> tuple[Level, Assumption]:
    """Level and assumption of an audit's claims that do not say otherwise.

    Args:
        audit: Name of the audit. One that ranks or deletes no words puts another attention in the
            place of the model's own.
        importance: What attention is compared with, where the audit compares.
    """
    if importance in _OF_STATES:
        return "hidden-state", "linearity"
    return _OF_AUDIT.get(str(audit), _POSITIONS)
