"""The documents of a task: read once, split into words, cut to length, kept in the out folder."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from attnaudit.data import catalog, read_documents, split_documents, tokenize, write_documents
from attnaudit.data.tokenization import Tokenizer
from attnaudit.errors import UsageError
from attnaudit.files import write_whole
from attnaudit.records import Document
from attnaudit.reproduction.origin import origin_digest, source_of
from attnaudit.reproduction.request import Request
from attnaudit.reproduction.tasks import Task
from attnaudit.training.recipes import Recipe


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """The documents of one task, ready to be trained and audited on.

    Attributes:
        path: A JSON lines file of them, already in words.
        tokenizer: What split them, and splits their second texts.
        source: Where they came from.
        counts: Split to its number of documents.
        left_out: Split to how many documents were left out for their length.
    """

    path: Path
    tokenizer: Tokenizer
    source: str
    counts: dict[str, int]
    left_out: dict[str, int]


def prepare_documents(task: Task, request: Request) -> Prepared:
    """The documents of a task, written to the out folder unless they are there.

    Args:
        task: The task.
        request: Says where its documents are and which lengths count.

    Raises:
        UsageError: If no place is known for it, or the folder holds other documents of it.
        DataError: If they cannot be read.
        MissingExtraError: If they are on a hub and the extra "datasets" is not installed.
    """
    source = source_of(task, request)
    folder = request.out / "documents"
    path, record = folder / f"{task.name}.jsonl", folder / f"{task.name}.json"
    if record.exists() and path.exists():
        known = _known(task, _asked(source, request), record)
        return Prepared(
            path=path,
            tokenizer=known["tokenizer"],
            source=source,
            counts=known["counts"],
            left_out=known["left_out"],
        )
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer(task, source)
    read = split_documents(_in_words(read_documents(source), tokenizer))
    kept = {
        split: within_lengths(documents, task.settings, drop_extremes=drops_extremes(task, request))
        for split, documents in read.items()
    }
    counts = {split: len(documents) for split, documents in kept.items()}
    left_out = {split: len(read[split]) - counts[split] for split in read}
    write_documents(path, [document for split in kept for document in kept[split]])
    # Only now: a set of the hub has no digest before it is fetched.
    found = _asked(source, request) | {
        "tokenizer": tokenizer,
        "counts": counts,
        "left_out": left_out,
    }
    write_whole(record, json.dumps(found, indent=1).encode())
    return Prepared(path=path, tokenizer=tokenizer, source=source, counts=counts, left_out=left_out)


def drops_extremes(task: Task, request: Request) -> bool:
    """Whether the shortest and longest documents of a split go where the task sets no bound."""
    return request.as_published and not task.two_texts


def within_lengths(
    documents: Sequence[Document], recipe: Recipe, *, drop_extremes: bool
) -> tuple[Document, ...]:
    """The documents of a split whose number of words is within the bounds of a recipe.

    The published code puts the least and the largest length found in the place of a bound that is
    not set, and its bounds are strict, so that all documents of those lengths drop out too. That
    leaves SST with 1725 test documents of 1821 and AG News with 3798 of 3800.

    Args:
        documents: In words, of one split.
        recipe: Its bounds are inclusive; an open one is that of a recipe that names none.
        drop_extremes: Do as the published code does where a bound is open.
    """
    lengths = [len(document.tokens or ()) for document in documents]
    low, high = recipe.min_tokens, recipe.max_tokens
    if drop_extremes and lengths:
        unset = Recipe()
        low = min(lengths) + 1 if low == unset.min_tokens else low
        high = max(lengths) - 1 if high == unset.max_tokens else high
    return tuple(
        document
        for document, length in zip(documents, lengths, strict=True)
        if low <= length <= high
    )


def _asked(source: str, request: Request) -> dict[str, object]:
    return {
        "source": source,
        "sha256": origin_digest(source),
        "as_published": request.as_published,
    }


def _tokenizer(task: Task, source: str) -> Tokenizer:
    return catalog.show(source).tokenizer if source in catalog.names() else task.tokenizer


def _in_words(documents: Iterable[Document], tokenizer: Tokenizer) -> Iterator[Document]:
    for document in documents:
        words = document.tokens
        if words is None:
            words = tokenize(document.text or "", tokenizer=tokenizer)
        yield replace(document, text=None, tokens=words)


def _known(task: Task, asked: Mapping[str, object], record: Path) -> dict[str, Any]:
    """What is recorded of documents that are here already, if they are what is asked for."""
    known = json.loads(record.read_text(encoding="utf-8"))
    if known.get("sha256") is None and asked["sha256"] is not None:
        # Written before digests were, or from what is gone: from now on a change is noticed.
        known["sha256"] = asked["sha256"]
        write_whole(record, json.dumps(known, indent=1).encode())
    found = {name: known.get(name) for name in asked}
    # What is gone cannot be compared, and is not needed either.
    gone = {} if asked["sha256"] is not None else {"sha256": known.get("sha256")}
    if found != {**asked, **gone}:
        raise UsageError(
            f"{record} says that the documents of {task.name} here are {found}, and asked is "
            f"{dict(asked)}. Choose another --out, or ask as before; if only sha256 differs, the "
            "files have changed since."
        )
    return dict(known)
