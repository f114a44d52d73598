"""Which classes may be the answer to a question about a document."""

from collections.abc import Sequence
from typing import Literal

Candidates = Literal["all", "mentioned"]


def candidate_classes(
    words: Sequence[str], classes: Sequence[str], *, rule: Candidates
) -> tuple[bool, ...]:
    """Whether each class may be the answer.

    Args:
        words: Words of the document that is asked about.
        classes: Names of all classes.
        rule: "all", or "mentioned" for those whose name is a word of the document, in whatever
            case: the entities of a cloze question.

    Returns:
        One truth value per class.

    Source:
        The entity mask of Jain & Wallace (2019), in their published code.

    Example:
        >>> candidate_classes(["Ann", "met", "bob"], ["Ann", "Bob", "Eve"], rule="mentioned")
        (True, True, False)
    """
    if rule == "all":
        return (True,) * len(classes)
    mentioned = {word.lower() for word in words}
    return tuple(name.lower() in mentioned for name in classes)
