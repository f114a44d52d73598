"""A model whose attention is a written rule: for truths that no trained architecture can hold."""

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence

import torch
from jaxtyping import Float, Float64
from torch import Tensor

from attnaudit.errors import InvalidArgumentError, UsageError
from attnaudit.models.protocol import Attended, Batch, Outputs, Site
from attnaudit.models.readout import LinearReadout
from attnaudit.records import Document, Skipped

SITE = Site(name="attention")

AttentionRule = Callable[[str, tuple[str, ...]], Sequence[float]]
"""Attention scores of a document, before the softmax, from its id and its words."""

Mixing = Callable[[int], Float64[Tensor, "tokens tokens"]]
"""The matrix that makes the hidden state of each position from the codes of all words."""


def token_wise(tokens: int) -> Float64[Tensor, "tokens tokens"]:
    """Every position holds its own word."""
    return torch.eye(tokens, dtype=torch.float64)


class RuleModel:
    r"""One sigmoid, $\sigma(\sum_t \alpha_t h_t)$, with $h = M c$ and attention by a rule.

    Each word has a code c, a single number: the logit it argues for. The encoder mixes the codes
    of a document by a fixed matrix; attention is the softmax of what the rule says of id and
    words. Nothing is trained, and importances differentiate the codes.

    Args:
        name: Names the model in its digest; another rule needs another name.
        codes: Logit of each word; words that are not in it count 0.
        rule: Attention scores.
        mixing: Encoder of a document of so many words.
    """

    def __init__(
        self,
        *,
        name: str,
        codes: Mapping[str, float],
        rule: AttentionRule,
        mixing: Mixing = token_wise,
    ) -> None:
        self.name = name
        self._codes = dict(codes)
        self._rule = rule
        self._mixing = mixing

    @property
    def outputs(self) -> Outputs:
        """A negative and a positive class."""
        return Outputs(classes=("negative", "positive"), kind="binary")

    @property
    def sites(self) -> tuple[Site, ...]:
        """The one site, `attention`."""
        return (SITE,)

    @property
    def digest(self) -> str:
        """Sha256 over the name and the codes; rule and encoder go by the name."""
        content = f"{self.name}{sorted(self._codes.items())}"
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def device(self) -> torch.device:
        """The CPU."""
        return torch.device("cpu")

    @property
    def dtype(self) -> torch.dtype:
        """Double precision."""
        return torch.float64

    @property
    def training(self) -> bool:
        """Never."""
        return False

    def prepare(self, documents: Sequence[Document]) -> Batch:
        """Take the words as they are, or split the text at white space, and pad."""
        words = {
            document.id: document.tokens or tuple((document.text or "").split())
            for document in documents
        }
        skipped = tuple(
            Skipped(document=name, reason="it has no token") for name in words if not words[name]
        )
        return _batch([(name, tokens) for name, tokens in words.items() if tokens], skipped)

    def attend(self, batch: Batch, *, sites: Sequence[str]) -> tuple[Attended, ...]:
        """The rule's attention, and the output it gives.

        Raises:
            UsageError: If another site than "attention" is asked for.
        """
        for site in sites:
            if site != SITE.name:
                raise UsageError(
                    f"the model has no attention site {site!r}; its only one is {SITE.name!r}."
                )
        attention = self._attention(batch)
        readout = self._readout(batch, self.embed(batch))
        attended = Attended(
            units=tuple((name, 0) for name in batch.documents),
            tokens=batch.tokens,
            mask=batch.mask,
            attention=attention,
            rows=attention.unsqueeze(1),
            probabilities=readout(attention.unsqueeze(1)).squeeze(1),
            readout=readout,
        )
        return (attended,) * len(sites)

    def embed(self, batch: Batch) -> Float[Tensor, "batch tokens dimensions"]:
        """The code of each word, in one dimension; 0 at padding."""
        codes = torch.zeros(*batch.mask.shape, 1, dtype=torch.float64)
        for row, words in enumerate(batch.tokens):
            for position, word in enumerate(words):
                codes[row, position, 0] = self._codes.get(word, 0.0)
        return codes

    def predict_embedded(
        self,
        batch: Batch,
        embeddings: Float[Tensor, "batch tokens dimensions"],
        *,
        attention_frozen: bool,
    ) -> Float[Tensor, "batch classes"]:
        """Probabilities from codes; attention follows the words, so it is frozen in any case."""
        del attention_frozen
        attention = self._attention(batch)
        return self._readout(batch, embeddings)(attention.unsqueeze(1)).squeeze(1)

    def without(self, batch: Batch, deletions: Sequence[tuple[int, int]]) -> Batch:
        """One entry per deletion (row, token): that row with that token taken out.

        Raises:
            InvalidArgumentError: If it is the row's only token.
        """
        kept = []
        for row, token in deletions:
            words = batch.tokens[row][:token] + batch.tokens[row][token + 1 :]
            if not words:
                raise InvalidArgumentError(
                    f"document {batch.documents[row]!r} has a single token, and nothing would be "
                    "left then. Name deletions in longer documents only."
                )
            kept.append((batch.documents[row], words))
        return _batch(kept, ())

    def _attention(self, batch: Batch) -> Float64[Tensor, "batch tokens"]:
        scores = torch.full(batch.mask.shape, -math.inf, dtype=torch.float64)
        for row, (name, words) in enumerate(zip(batch.documents, batch.tokens, strict=True)):
            scores[row, : len(words)] = torch.tensor(self._rule(name, words), dtype=torch.float64)
        return scores.softmax(dim=1)

    def _readout(
        self, batch: Batch, embeddings: Float[Tensor, "batch tokens dimensions"]
    ) -> LinearReadout:
        hidden = [
            torch.nn.functional.pad(
                self._mixing(len(words)) @ codes[: len(words)],
                (0, 0, 0, codes.shape[0] - len(words)),
            )
            for words, codes in zip(batch.tokens, embeddings, strict=True)
        ]
        return LinearReadout(torch.stack(hidden), torch.zeros(1, dtype=torch.float64), "sigmoid")


def _batch(kept: Sequence[tuple[str, tuple[str, ...]]], skipped: tuple[Skipped, ...]) -> Batch:
    lengths = torch.tensor([len(words) for _, words in kept], dtype=torch.int64)
    positions = torch.arange(int(lengths.max()) if kept else 0)
    mask = positions < lengths.unsqueeze(1)
    return Batch(
        documents=tuple(name for name, _ in kept),
        tokens=tuple(words for _, words in kept),
        # Words go by their codes, not by numbers of a vocabulary.
        token_ids=torch.zeros(mask.shape, dtype=torch.int64),
        mask=mask,
        skipped=skipped,
    )
