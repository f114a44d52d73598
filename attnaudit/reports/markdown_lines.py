"""Lines that the Markdown of a run and that of a model card have in common."""

from attnaudit.reports.markup import escaped, table_line
from attnaudit.reports.numbers import shown
from attnaudit.reports.verdict_table import documents_words, interval_words, measured_words
from attnaudit.store.run import ClaimRow, ModelEntry

_HEADING = ("Outcome", "Claim", "Claimed", "Measured", "Null", "Decision interval", "Documents")


def heading_lines() -> tuple[str, str]:
    """How a table of verdicts begins."""
    return table_line(_HEADING), table_line(["---"] * len(_HEADING))


def verdict_line(row: ClaimRow, *, outcome: str, claim: str, claimed: str) -> str:
    """A line of that table.

    Args:
        row: Its numbers.
        outcome: What the row says was decided, as Markdown.
        claim: What it was decided on, as Markdown.
        claimed: What was claimed, as text; "" where that stands above.
    """
    undefined = f" ({row.undefined} undefined)" if row.undefined else ""
    documents = documents_words(row) + undefined
    null = "" if row.null is None else shown(row.null)
    texts = (claimed, measured_words(row), null, interval_words(row), documents)
    return table_line((outcome, claim, *map(escaped, texts)))


def provenance_line(name: str, entry: ModelEntry) -> str:
    """What was audited by what, as an item of a list.

    Args:
        name: What it is called, as text.
        entry: The model, its documents and its claims.
    """
    about = (
        f"{name}: weights {entry.digest}, {entry.documents.n} documents from "
        f"{entry.documents.source} with digest {entry.documents.digest}, claims from "
        f"{entry.claims_source} with digest {entry.claims_digest}"
    )
    return f"- {escaped(about)}"
