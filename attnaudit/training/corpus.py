"""From documents to numbered words and classes, split by split. Needs no torch."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from attnaudit.data.labels import infer_classes
from attnaudit.data.split import drawn_split, split_documents
from attnaudit.data.tokenization import Tokenizer, tokenize
from attnaudit.data.vocabulary import Vocabulary
from attnaudit.errors import DataError
from attnaudit.records import Document

SPLITS = ("train", "dev", "test")


@dataclass(frozen=True, slots=True)
class Example:
    """One document as a network takes it: its words and its class, both as numbers."""

    words: tuple[int, ...]
    target: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Corpus:
    """Labelled documents ready for training.

    Attributes:
        documents: Split to documents; train, dev and test, none of them empty.
        examples: The same documents as numbers, in the same order.
        vocabulary: Words of the train split.
        classes: Names, sorted; an example's target is a place among them.
        left_out: Split to the number of its documents that were too short or too long.
    """

    documents: Mapping[str, tuple[Document, ...]]
    examples: Mapping[str, tuple[Example, ...]]
    vocabulary: Vocabulary
    classes: tuple[str, ...]
    left_out: Mapping[str, int]


def build_corpus(
    documents: Iterable[Document],
    *,
    tokenizer: Tokenizer,
    min_tokens: int,
    max_tokens: int,
    min_document_frequency: int,
) -> Corpus:
    """Split, filter by length, and number words and classes.

    Where no document has a split, 80 % are train, 10 % dev and 10 % test by a hash of the text.
    Where there is a train split but no dev (or test), a tenth of train is taken for it by that
    hash. Splits of other names are not used. The length limits hold in every split.

    Args:
        documents: Labelled documents of one text each.
        tokenizer: How text is split into words.
        min_tokens: Shorter documents are left out and counted.
        max_tokens: Longer documents are left out and counted.
        min_document_frequency: In how many train documents a word must occur to be known.

    Returns:
        The corpus.

    Raises:
        DataError: If a document has no label or a second text, a split is missing or left empty,
            or train and dev do not have every class.
    """
    splits = _splits(tuple(documents))
    for split in SPLITS:
        _check_documents(splits[split], split)
    classes = infer_classes(document for split in SPLITS for document in splits[split])
    words, kept = {}, {}
    for split in SPLITS:
        found = [(document, _words(document, tokenizer)) for document in splits[split]]
        fitting = [pair for pair in found if min_tokens <= len(pair[1]) <= max_tokens]
        kept[split] = tuple(document for document, _ in fitting)
        words[split] = [spelled for _, spelled in fitting]
        _check_classes(kept[split], split, classes, f"{min_tokens} to {max_tokens}")
    vocabulary = Vocabulary.build(words["train"], min_document_frequency=min_document_frequency)
    return Corpus(
        documents=kept,
        examples={
            split: tuple(
                Example(tuple(vocabulary.encode(spelled)), classes.index(str(document.label)))
                for document, spelled in zip(kept[split], words[split], strict=True)
            )
            for split in SPLITS
        },
        vocabulary=vocabulary,
        classes=classes,
        left_out={split: len(splits[split]) - len(kept[split]) for split in SPLITS},
    )


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
    second = next((document.id for document in documents if document.text2 is not None), None)
    if second is not None:
        raise DataError(
            f"document {second!r} has a second text, and these classifiers read one. Leave the "
            "column of second texts out."
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


def _words(document: Document, tokenizer: Tokenizer) -> tuple[str, ...]:
    if document.tokens is not None:
        return document.tokens
    return tokenize(document.text or "", tokenizer=tokenizer)
