"""Documents through a model in batches, rows into the store as they come."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from attnaudit.models.preflight import check_attended
from attnaudit.models.protocol import AttentionModel, Batch
from attnaudit.models.special_mass import special_masses
from attnaudit.records import Document, DocumentRow, Skipped, ValueRow
from attnaudit.runs.batches import BatchLimits, in_batches
from attnaudit.store.parts import Parts

DOCUMENTS_PER_PART = 1_000


def write_values(
    parts: Parts,
    model: AttentionModel,
    documents: Sequence[Document],
    measure: Callable[[Batch], Sequence[ValueRow]],
    *,
    batch_size: int | None,
    advance: Callable[[int], object],
    ends: Sequence[int] = (),
) -> None:
    """Write the rows of `measure` for all documents, part by part, in their order.

    Parts that are already there are left as they are. `advance` is told how many documents have
    been dealt with since it was last called. A part ends at each of `ends`, so that more documents
    can follow.
    """
    limits = BatchLimits.for_device(model.device, documents=batch_size)
    for index, chunk in _missing_parts(parts, documents, ends, advance):
        values: list[ValueRow] = []
        prepared, _ = _prepared(model, chunk)
        for batch, rows in in_batches(model, prepared, measure, limits):
            values.extend(rows)
            advance(len(batch.documents))
        place = _places(chunk)
        parts.write(index, sorted(values, key=lambda row: place[row.document]))


def write_documents(
    parts: Parts,
    model: AttentionModel,
    documents: Sequence[Document],
    *,
    name: str,
    site: str,
    store_text: bool,
    batch_size: int | None,
    advance: Callable[[int], object],
    ends: Sequence[int] = (),
) -> None:
    """Write what the model says of every document, and which ones it cannot take."""
    limits = BatchLimits.for_device(model.device, documents=batch_size)
    for index, chunk in _missing_parts(parts, documents, ends, advance):
        prepared, skipped = _prepared(model, chunk)
        rows = [_skipped_row(one) for one in skipped]
        labels = {document.id: document.label for document in chunk}
        describe = partial(_document_rows, model, labels=labels, site=site, store_text=store_text)
        for batch, described in in_batches(model, prepared, describe, limits):
            rows.extend(described)
            advance(len(batch.documents))
        place = _places(chunk)
        known = {document.id: document for document in chunk}
        named = [
            replace(
                row,
                cluster=known[row.id].cluster,
                text2=known[row.id].text2 if store_text else None,
            )
            for row in rows
        ]
        parts.write(index, sorted(named, key=lambda row: place[row.id]), model=name, site=site)


def part_ranges(ends: Sequence[int]) -> list[tuple[int, int]]:
    """First document of each part and the one after its last, where parts end at each of `ends`."""
    begins = (0, *ends[:-1])
    return [
        (start, min(start + DOCUMENTS_PER_PART, end))
        for begin, end in zip(begins, ends, strict=True)
        for start in range(begin, end, DOCUMENTS_PER_PART)
    ]


def _places(documents: Sequence[Document]) -> dict[str, int]:
    return {document.id: number for number, document in enumerate(documents)}


def _missing_parts(
    parts: Parts,
    documents: Sequence[Document],
    ends: Sequence[int],
    advance: Callable[[int], object],
) -> Iterator[tuple[int, Sequence[Document]]]:
    for index, (start, end) in enumerate(part_ranges(ends or (len(documents),))):
        chunk = documents[start:end]
        if index in parts:
            advance(len(chunk))
        else:
            yield index, chunk


def _prepared(
    model: AttentionModel, documents: Sequence[Document]
) -> tuple[list[tuple[Document, int]], tuple[Skipped, ...]]:
    """Those that the model reads, with how many words of each, and those that it leaves out."""
    batch = model.prepare(documents)
    by_id = {document.id: document for document in documents}
    truncated = set(batch.truncated)
    prepared = []
    for name, words in zip(batch.documents, batch.tokens, strict=True):
        document = by_id[name]
        # A text is split once. What is left of a longer one is another document: beside a second
        # text it would be cut elsewhere.
        if document.tokens is None and name not in truncated:
            document = replace(document, tokens=words)
        prepared.append((document, len(words)))
    return prepared, batch.skipped


def _document_rows(
    model: AttentionModel,
    batch: Batch,
    *,
    labels: dict[str, str | None],
    site: str,
    store_text: bool,
) -> list[DocumentRow]:
    [attended] = model.attend(batch, sites=[site])
    check_attended(attended, site=site, outputs=model.outputs)
    predicted = attended.probabilities.argmax(dim=1).tolist()
    lengths = attended.mask.sum(dim=1).tolist()
    special = special_masses(attended, site=site)
    return [
        DocumentRow(
            id=document,
            tokens=attended.tokens[position] if store_text else None,
            label=labels[document],
            predicted=model.outputs.classes[predicted[position]],
            probabilities=tuple(attended.probabilities[position].tolist()),
            attention=tuple(attended.attention[position, : lengths[position]].tolist()),
            length=lengths[position],
            truncated=document in batch.truncated,
            special_mass=special[position],
        )
        for position, (document, _) in enumerate(attended.units)
    ]


def _skipped_row(skipped: Skipped) -> DocumentRow:
    return DocumentRow(
        id=skipped.document,
        tokens=None,
        label=None,
        predicted=None,
        probabilities=None,
        attention=None,
        length=0,
        skipped=skipped.reason,
    )
