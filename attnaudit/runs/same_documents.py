"""Which documents of two runs are the same."""

from collections.abc import Iterator

from attnaudit.errors import UsageError
from attnaudit.runs.stored import StoredRun
from attnaudit.store.parts import Parts
from attnaudit.store.run import ModelEntry
from attnaudit.verdicts.run_comparison import DocumentPairs


def pair_documents(
    old: StoredRun, old_entry: ModelEntry, new: StoredRun, new_entry: ModelEntry
) -> DocumentPairs:
    """The documents that both runs measured, paired by id.

    Where the runs were not asked about exactly the same documents, an id alone proves nothing: ids
    may be numbers of rows. So documents whose stored words differ by more than how they were split
    and capitalised are not paired, and where no words were stored that is said.

    Args:
        old: The earlier run.
        old_entry: A model of it.
        new: The later run.
        new_entry: A model of it.

    Returns:
        The pairs, and how many documents have none.

    Raises:
        UsageError: If no document is in both.
    """
    before = dict(_documents(old.documents(old_entry)))
    after = dict(_documents(new.documents(new_entry)))
    same_digest = old_entry.documents.digest == new_entry.documents.digest
    common = [document for document in before if document in after]
    ids = common
    if not same_digest:
        ids = [document for document in common if _may_be_same(before[document], after[document])]
    if not ids:
        why = f"{len(common)} ids are in both, with other words" if common else "no id is in both"
        raise UsageError(
            f"no document of {old.place} ({len(before)} from {old_entry.documents.source}) is one "
            f"of {new.place} ({len(after)} from {new_entry.documents.source}): {why}. Audit both "
            "models on the same documents"
        )
    return DocumentPairs(
        old_model=old_entry.name,
        new_model=new_entry.name,
        site=new_entry.site,
        same_weights=old_entry.digest == new_entry.digest,
        same_digest=same_digest,
        verified=same_digest or all(None not in (before[one], after[one]) for one in ids),
        ids=tuple(ids),
        only_old=len(before) - len(common),
        only_new=len(after) - len(common),
        other_words=len(common) - len(ids),
    )


def _documents(parts: Parts) -> Iterator[tuple[str, str | None]]:
    """Id and words of every document that was measured."""
    for table in parts.tables(["id", "tokens", "text2", "skipped"]):
        for row in table.to_pylist():
            if row["skipped"] is None:
                yield row["id"], _words(row["tokens"], row["text2"])


def _words(tokens: list[str] | None, second: str | None) -> str | None:
    """Both texts without what splitting and spelling change; None if no words were stored."""
    if tokens is None:
        return None
    texts = "".join(tokens), second or ""
    return "\0".join("".join(text.split()).casefold() for text in texts)


def _may_be_same(before: str | None, after: str | None) -> bool:
    return before is None or after is None or before == after
