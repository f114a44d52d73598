"""From documents to numbered words and classes, split by split. Needs no torch."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from attnaudit.data.labels import infer_classes
from attnaudit.data.split import drawn_split, split_documents
from attnaudit.data.tokenization import Tokenizer, tokenize
from attnaudit.data.vocabulary import Vocabulary
from attnaudit.errors import DataError
from attnaudit.models.pairs.candidates import Candidates
from attnaudit.records import Document
from attnaudit.training.questions import (
    Question,
    allowed_classes,
    check_rule,
    have_questions,
    question_words,
)

SPLITS = ("train", "dev", "test")


@dataclass(frozen=True, slots=True)
class Example:
    """One document as a network takes it: its words and its class, both as numbers.

    `question` is what its second text asks, None for a document of one text.
    """

    words: tuple[int, ...]
    target: int
    question: Question | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Corpus:
    """Labelled documents ready for training.

    Attributes:
        documents: Split to documents; train, dev and test, none of them empty.
        examples: The same documents as numbers, in the same order.
        vocabulary: Words of the train split, of both texts where there are two.
        classes: Names, sorted; an example's target is a place among them.
        left_out: Split to the number of its documents that were too short or too long.
        candidates: Which classes may be the answer, or None for documents of one text.
    """

    documents: Mapping[str, tuple[Document, ...]]
    examples: Mapping[str, tuple[Example, ...]]
    vocabulary: Vocabulary
    classes: tuple[str, ...]
    left_out: Mapping[str, int]
    candidates: Candidates | None


def build_corpus(
    documents: Iterable[Document],
    *,
    tokenizer: Tokenizer,
    min_tokens: int,
    max_tokens: int,
    min_document_frequency: int,
    candidates: Candidates | None = None,
) -> Corpus:
    """Split, filter by length, and number words and classes.

    Where no document has a split, 80 % are train, 10 % dev and 10 % test by a hash of the text.
    Where there is a train split but no dev (or test), a tenth of train is taken for it by that
    hash. Splits of other names are not used. The length limits hold in every split, for the first
    text; a second text needs a token, and no more than the longest first text may have.

    Args:
        documents: Labelled documents, all of one text or all of two.
        tokenizer: How text is split into words.
        min_tokens: Shorter documents are left out and counted.
        max_tokens: Longer documents are left out and counted.
        min_document_frequency: In how many train texts a word must occur to be known.
        candidates: Which classes may be the answer to a second text; None is all of them.

    Returns:
        The corpus.

    Raises:
        DataError: If a document has no label, only some have a second text, a split is missing or
            left empty, train and dev do not have every class, or a label is no candidate.
        UsageError: If candidates are chosen for documents of one text.
    """
    splits = _splits(tuple(documents))
    for split in SPLITS:
        _check_documents(splits[split], split)
    asked = have_questions({split: splits[split] for split in SPLITS})
    rule = check_rule(candidates, asked=asked)
    classes = infer_classes(document for split in SPLITS for document in splits[split])
    kept: dict[str, list[_Spelled]] = {}
    for split in SPLITS:
        found = [_spelled(document, tokenizer) for document in splits[split]]
        kept[split] = [
            one
            for one in found
            if min_tokens <= len(one.words) <= max_tokens
            and (not asked or 1 <= len(one.question) <= max_tokens)
        ]
        limits = f"{min_tokens} to {max_tokens}"
        _check_classes([one.document for one in kept[split]], split, classes, limits)
    texts = [one.words for one in kept["train"]]
    questions = [one.question for one in kept["train"]] if asked else []
    vocabulary = Vocabulary.build(texts + questions, min_document_frequency=min_document_frequency)

    def numbered(one: _Spelled) -> Example:
        words = tuple(vocabulary.encode(one.words))
        target = classes.index(str(one.document.label))
        if not asked:
            return Example(words, target)
        allowed = allowed_classes(one.document, one.words, classes, rule=rule)
        return Example(words, target, Question(tuple(vocabulary.encode(one.question)), allowed))

    return Corpus(
        documents={split: tuple(one.document for one in kept[split]) for split in SPLITS},
        examples={split: tuple(numbered(one) for one in kept[split]) for split in SPLITS},
        vocabulary=vocabulary,
        classes=classes,
        left_out={split: len(splits[split]) - len(kept[split]) for split in SPLITS},
        candidates=rule if asked else None,
    )


@dataclass(frozen=True, slots=True)
class _Spelled:
    """A document with the words of its texts."""

    document: Document
    words: tuple[str, ...]
    question: tuple[str, ...]


def _spelled(document: Document, tokenizer: Tokenizer) -> _Spelled:
    words = document.tokens
    if words is None:
        words = tokenize(document.text or "", tokenizer=tokenizer)
    return _Spelled(document, words, question_words(document, tokenizer))


def _splits(documents: tuple[Document, ...]) -> dict[str, tuple[Document, ...]]:
    splits = split_documents(documents)
    if "train" not in splits:
        raise DataError(
            f"no document is in the train split; the splits are {', '.join(sorted(splits))}. Name "
            "the rows to learn from train, or leave the split column out."
        )
    for split in ("dev", "test"):
        if split not in splits:
            splits |= _parted(splits["train"], split)
    return splits


def _parted(train: Sequence[Document], split: str) -> dict[str, tuple[Document, ...]]:
    drawn = {
        document.id
        for document in train
        if drawn_split(document.text or " ".join(document.tokens or ())) == split
    }
    if not drawn:
        raise DataError(
            f"there is no {split} split, and {len(train)} train documents are too few to take one "
            "from. Give more documents, or that split."
        )
    return {
        "train": tuple(document for document in train if document.id not in drawn),
        split: tuple(replace(document, split=split) for document in train if document.id in drawn),
    }


def _check_documents(documents: Sequence[Document], split: str) -> None:
    unlabelled = [document.id for document in documents if document.label is None]
    if unlabelled:
        raise DataError(
            f"{len(unlabelled)} of {len(documents)} {split} documents have no label, the first is "
            f"{unlabelled[0]!r}. Give every document a label, or name its column as label=COLUMN."
        )


def _check_classes(
    documents: Sequence[Document], split: str, classes: tuple[str, ...], limits: str
) -> None:
    if not documents:
        raise DataError(
            f"the {split} split has no document of {limits} tokens. Change the limits, or give "
            "other documents."
        )
    counts = Counter(document.label for document in documents)
    if split == "train" and len(counts) == 1:
        raise DataError(
            f"all {len(documents)} train documents have the label {documents[0].label!r}, so there "
            "is nothing to learn. Give documents of at least two classes."
        )
    absent = [name for name in classes if name not in counts]
    if absent and split != "test":
        raise DataError(
            f"the {split} split has no document of class {absent[0]!r}; the classes are "
            f"{', '.join(classes)}. Give it some, or leave that class out of the other splits."
        )
