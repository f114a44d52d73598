"""From documents of two texts to padded numbers of words."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from attnaudit.data.tokenization import tokenize
from attnaudit.data.vocabulary import Vocabulary
from attnaudit.errors import DataError
from attnaudit.models.configuration import PairConfiguration
from attnaudit.models.pairs.batch import PairBatch
from attnaudit.models.pairs.candidates import candidate_classes
from attnaudit.models.preparation import first_words, padded, reason_to_skip
from attnaudit.records import Document, Skipped


def prepare_pairs(
    documents: Sequence[Document],
    configuration: PairConfiguration,
    vocabulary: Vocabulary,
    *,
    device: torch.device,
) -> PairBatch:
    """Split both texts into words, look them up and pad.

    Args:
        documents: Each with a second text. `tokens` win over `text`.
        configuration: Tokeniser, classes, candidates and the most tokens of a text.
        vocabulary: Numbers of the words of both texts.
        device: Where the result lies.

    Returns:
        The usable documents in their order; `skipped` names those of which a text has no token or
        more than `max_tokens`, or which mention none of the classes where only mentioned ones are
        candidates.

    Raises:
        DataError: If a document has no second text.
    """
    kept: list[_Pair] = []
    skipped: list[Skipped] = []
    for document in documents:
        pair = _pair(document, configuration)
        reason = _reason_to_skip(pair, max_tokens=configuration.max_tokens)
        if reason is None:
            kept.append(pair)
        else:
            skipped.append(Skipped(document=document.id, reason=reason))
    token_ids, mask = padded([pair.first for pair in kept], vocabulary, device=device)
    query_ids, query_mask = padded([pair.second for pair in kept], vocabulary, device=device)
    candidates = torch.tensor([pair.candidates for pair in kept], dtype=torch.bool)
    return PairBatch(
        documents=tuple(pair.document for pair in kept),
        tokens=tuple(pair.first for pair in kept),
        token_ids=token_ids,
        mask=mask,
        skipped=tuple(skipped),
        query_ids=query_ids,
        query_mask=query_mask,
        query_of=torch.arange(len(kept), device=device),
        # Without any document the number of classes would be lost.
        candidates=candidates.reshape(len(kept), len(configuration.classes)).to(device),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Pair:
    """Words of both texts of a document, and which classes may be the answer."""

    document: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    candidates: tuple[bool, ...]


def _pair(document: Document, configuration: PairConfiguration) -> _Pair:
    if document.text2 is None:
        raise DataError(
            f"document {document.id!r} has no second text, but this model reads two. Name the "
            "column of the question or hypothesis as text2, or audit a model that takes one."
        )
    first = first_words(document, tokenizer=configuration.tokenizer)
    return _Pair(
        document=document.id,
        first=first,
        second=tokenize(document.text2, tokenizer=configuration.tokenizer),
        candidates=candidate_classes(first, configuration.classes, rule=configuration.candidates),
    )


def _reason_to_skip(pair: _Pair, *, max_tokens: int) -> str | None:
    reason = reason_to_skip(pair.first, max_tokens=max_tokens) or reason_to_skip(
        pair.second, max_tokens=max_tokens, where="its second text"
    )
    if reason is None and not any(pair.candidates):
        return "none of the classes is a word of it, so none may be the answer"
    return reason
