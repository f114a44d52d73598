"""Second texts of documents to train on: all documents have one, or none has. Needs no torch."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from attnaudit.data.tokenization import Tokenizer, tokenize
from attnaudit.errors import DataError, UsageError
from attnaudit.models.pairs.candidates import Candidates, candidate_classes
from attnaudit.records import Document


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about a document: words as numbers, and which classes may be the answer."""

    words: tuple[int, ...]
    candidates: tuple[bool, ...]


def have_questions(splits: Mapping[str, Sequence[Document]]) -> bool:
    """Whether the documents have a second text.

    Args:
        splits: Documents by the name of their split.

    Raises:
        DataError: If some have one and others have none.
    """
    documents = [document for split in splits.values() for document in split]
    without = [document.id for document in documents if document.text2 is None]
    if without and len(without) < len(documents):
        raise DataError(
            f"{len(without)} of {len(documents)} documents have no second text, the first is "
            f"{without[0]!r}. Give all of them one, or leave the column of second texts out."
        )
    return not without


def question_words(document: Document, tokenizer: Tokenizer) -> tuple[str, ...]:
    """Words of a document's second text; none where it has none."""
    return tokenize(document.text2 or "", tokenizer=tokenizer)


def check_rule(candidates: Candidates | None, *, asked: bool) -> Candidates:
    """The rule for candidates: "all" unless another was chosen.

    Args:
        candidates: What was chosen, or None.
        asked: Whether the documents have a second text.

    Raises:
        UsageError: If a rule was chosen for documents of one text.
    """
    if candidates is not None and not asked:
        raise UsageError(
            f"--candidates {candidates} was asked for, but the documents have no second text, so "
            "every class may be the answer. Leave it out, or name the column of questions."
        )
    return candidates or "all"


def allowed_classes(
    document: Document, words: Iterable[str], classes: Sequence[str], *, rule: Candidates
) -> tuple[bool, ...]:
    """Whether each class may be the answer, which the document's own label must.

    Args:
        document: A labelled document.
        words: Words of its first text.
        classes: Names of all classes.
        rule: Which of them may be the answer.

    Raises:
        DataError: If the label is no candidate: the loss would be infinite.
    """
    allowed = candidate_classes(tuple(words), classes, rule=rule)
    if not allowed[classes.index(str(document.label))]:
        raise DataError(
            f"the label of document {document.id!r}, {document.label!r}, is not a word of its "
            "text, so it may not be the answer. Leave that document out, or let --candidates be "
            "all."
        )
    return allowed
