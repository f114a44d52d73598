"""Whether documents are the paper's, so that numbers about them may be held against its numbers."""

from attnaudit.reproduction.documents import Prepared
from attnaudit.reproduction.tasks import Task


def is_comparable(task: Task, prepared: Prepared) -> bool:
    """Whether the test split is as large as the one that the published numbers are about.

    Other documents, or the same ones cut otherwise, seldom come in the same number.

    Args:
        task: Knows how many there may be.
        prepared: The documents at hand.
    """
    return _count(prepared) in task.test_counts


def why_not_comparable(task: Task, prepared: Prepared) -> str:
    """A sentence about documents that are not comparable."""
    if not task.test_counts:
        return "Nothing is published of this task."
    if prepared.source == task.name and task.caveat is not None:
        return task.caveat
    published = " or ".join(map(str, task.test_counts))
    return (
        f"There are {_count(prepared)} test documents where the published numbers are about "
        f"{published}, so these are others. No cell is comparable with the published one."
    )


def _count(prepared: Prepared) -> int:
    return prepared.counts.get("test", 0)
