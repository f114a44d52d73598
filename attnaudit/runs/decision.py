"""What was found on one case, ready to travel between processes."""

from dataclasses import dataclass

from attnaudit.store.run import ClaimRow, ModelEntry


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """The verdict on one case and what it rests on.

    Attributes:
        rows: Rows of run.json, "overall" first.
        model: The model, site and documents, with the measurement used.
        seconds: How long each step took, by name.
    """

    rows: tuple[ClaimRow, ...]
    model: ModelEntry
    seconds: dict[str, float]
