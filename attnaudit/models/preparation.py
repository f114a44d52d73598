"""From documents to padded numbers of words."""

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from attnaudit.data.tokenization import Tokenizer, tokenize
from attnaudit.data.vocabulary import PADDING, Vocabulary
from attnaudit.errors import InvalidArgumentError
from attnaudit.models.protocol import Batch
from attnaudit.records import Document


def first_words(document: Document, *, tokenizer: Tokenizer) -> tuple[str, ...]:
    """Words of a document's first text: its `tokens`, or else its `text` split.

    Args:
        document: Any document.
        tokenizer: How a text is split.
    """
    if document.tokens is not None:
        return document.tokens
    return tokenize(document.text or "", tokenizer=tokenizer)


def reason_to_skip(words: Sequence[str], *, max_tokens: int, where: str = "it") -> str | None:
    """Why words cannot be read, or None if they can.

    Args:
        words: Words of a text.
        max_tokens: How many of them are too few to be skipped for their number.
        where: What the text is called in the reason.
    """
    if not words:
        return f"{where} has no token"
    if len(words) > max_tokens:
        return f"{where} has {len(words)} tokens, more than max_tokens = {max_tokens}"
    return None


def padded(
    texts: Sequence[Sequence[str]], vocabulary: Vocabulary, *, device: torch.device
) -> tuple[Int[Tensor, "texts tokens"], Bool[Tensor, "texts tokens"]]:
    """Numbers of the words of each text, padded at the end, and True at a word.

    Args:
        texts: Words of each text.
        vocabulary: Their numbers.
        device: Where the result lies.
    """
    longest = max((len(words) for words in texts), default=0)
    token_ids = torch.full((len(texts), longest), PADDING, dtype=torch.int64)
    for row, words in enumerate(texts):
        token_ids[row, : len(words)] = torch.tensor(vocabulary.encode(words))
    lengths = torch.tensor([len(words) for words in texts], dtype=torch.int64)
    mask = torch.arange(longest) < lengths.unsqueeze(1)
    return token_ids.to(device), mask.to(device)


def check_filled(batch: Batch) -> None:
    """Raise an InvalidArgumentError unless there is a document in the batch."""
    if not batch.documents:
        raise InvalidArgumentError(
            "the batch holds no document. Look at `skipped`, and pass only batches with documents."
        )
