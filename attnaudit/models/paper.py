"""The paper's classifiers as an `AttentionModel`."""

import copy
from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.data.vocabulary import Vocabulary
from attnaudit.errors import DataError, ModelError, UsageError
from attnaudit.models.classifier import AttentionClassifier
from attnaudit.models.configuration import Configuration
from attnaudit.models.deletions import without_words
from attnaudit.models.digest import model_digest
from attnaudit.models.leave_one_out import deletion_logits
from attnaudit.models.preparation import check_filled, first_words, padded, reason_to_skip
from attnaudit.models.protocol import Attended, Batch, Outputs, Site
from attnaudit.models.readout import LinearReadout, Link, apply_link
from attnaudit.records import Document, Skipped

SITE = Site(name="attention")


class PaperModel:
    """An `AttentionClassifier` with the vocabulary and the classes it was trained on.

    Args:
        network: The classifier; it is used as it is, in whichever mode, precision and place.
        configuration: What the network was built from.
        vocabulary: Words with a row in its embedding.

    Raises:
        ModelError: If vocabulary and embedding differ in size.
    """

    def __init__(
        self, network: AttentionClassifier, configuration: Configuration, vocabulary: Vocabulary
    ) -> None:
        rows = network.embedding.num_embeddings
        if not len(vocabulary) == configuration.vocabulary_size == rows:
            raise ModelError(
                f"the vocabulary has {len(vocabulary)} entries, the configuration says "
                f"{configuration.vocabulary_size} and the embedding has {rows} rows. Use the "
                "vocabulary the model was trained with."
            )
        self.network = network
        self.configuration = configuration
        self.vocabulary = vocabulary
        self._link: Link = "sigmoid" if configuration.kind == "binary" else "softmax"

    @property
    def outputs(self) -> Outputs:
        """Class names and link."""
        return Outputs(classes=self.configuration.classes, kind=self.configuration.kind)

    @property
    def sites(self) -> tuple[Site, ...]:
        """The one site, `attention`."""
        return (SITE,)

    @property
    def digest(self) -> str:
        """Sha256 over weights, configuration and vocabulary, in hexadecimal.

        It is computed at each access, since a network in training changes. The device does not
        change it, nor does a higher precision of the same numbers.
        """
        return model_digest(self.network, self.configuration, self.vocabulary)

    @property
    def device(self) -> torch.device:
        """Where the weights lie."""
        return self.network.head.weight.device

    @property
    def dtype(self) -> torch.dtype:
        """Precision of the weights."""
        return self.network.head.weight.dtype

    @property
    def training(self) -> bool:
        """Whether any part is in training mode."""
        return any(part.training for part in self.network.modules())

    def to(self, *, device: torch.device, dtype: torch.dtype) -> "PaperModel":
        """A copy in another place or precision."""
        network = copy.deepcopy(self.network).to(device=device, dtype=dtype)
        return PaperModel(network, self.configuration, self.vocabulary)

    def prepare(self, documents: Sequence[Document]) -> Batch:
        """Split into words, look them up and pad.

        Args:
            documents: `tokens` win over `text`. The batch keeps their spelling.

        Returns:
            The usable documents in their order; `skipped` names those without a token or with
            more than `max_tokens`.

        Raises:
            DataError: If a document has a second text, which this classifier cannot read.
        """
        kept: list[tuple[str, tuple[str, ...]]] = []
        skipped: list[Skipped] = []
        for document in documents:
            words = self._words(document)
            reason = reason_to_skip(words, max_tokens=self.configuration.max_tokens)
            if reason is None:
                kept.append((document.id, words))
            else:
                skipped.append(Skipped(document=document.id, reason=reason))
        token_ids, mask = padded([words for _, words in kept], self.vocabulary, device=self.device)
        return Batch(
            documents=tuple(name for name, _ in kept),
            tokens=tuple(words for _, words in kept),
            token_ids=token_ids,
            mask=mask,
            skipped=tuple(skipped),
        )

    def _words(self, document: Document) -> tuple[str, ...]:
        if document.text2 is not None:
            raise DataError(
                f"document {document.id!r} has a second text, but this model reads one. Leave the "
                "column of second texts out, or audit a model that takes two."
            )
        return first_words(document, tokenizer=self.configuration.tokenizer)

    def attend(self, batch: Batch, *, sites: Sequence[str]) -> tuple[Attended, ...]:
        """One forward pass, seen at each of the named sites.

        Args:
            batch: At least one document, from `prepare` or `without`.
            sites: Names of sites; only "attention" exists.

        Returns:
            One entry per name. Its readout works in the precision of the model.

        Raises:
            UsageError: If there is no such site.
            InvalidArgumentError: If the batch holds no document.
        """
        for name in sites:
            if name != SITE.name:
                raise UsageError(
                    f"the model has no attention site {name!r}; its only one is {SITE.name!r}."
                )
        check_filled(batch)
        with torch.no_grad():
            attended = self._attended(batch)
        return (attended,) * len(sites)

    def _attended(self, batch: Batch) -> Attended:
        network = self.network
        hidden = network.encode(network.embedding(batch.token_ids), batch.mask)
        attention = network.attention(hidden, batch.mask)
        logits = network.decode(hidden, attention)
        scores = hidden @ network.head.weight.T
        return Attended(
            units=tuple((name, 0) for name in batch.documents),
            tokens=batch.tokens,
            mask=batch.mask,
            attention=attention,
            rows=attention.unsqueeze(1),
            probabilities=apply_link(logits, link=self._link),
            readout=LinearReadout(scores, network.head.bias.detach(), self._link),
        )

    def embed(self, batch: Batch) -> Float[Tensor, "batch tokens dimensions"]:
        """Embeddings of the words, cut off from the network's own differentiation."""
        with torch.no_grad():
            embeddings: Tensor = self.network.embedding(batch.token_ids)
        return embeddings

    def predict_embedded(
        self,
        batch: Batch,
        embeddings: Float[Tensor, "batch tokens dimensions"],
        *,
        attention_frozen: bool,
    ) -> Float[Tensor, "batch classes"]:
        """Probabilities from embeddings of the words, differentiable.

        Args:
            batch: Where the embeddings come from.
            embeddings: One vector per word; those of padding are ignored.
            attention_frozen: Treat the attention weights as constants in differentiation, as the
                paper's gradient importance does.

        Returns:
            Probabilities equal to those of `attend` at the embeddings of `embed`.

        Raises:
            InvalidArgumentError: If the batch holds no document.
        """
        check_filled(batch)
        hidden = self.network.encode(embeddings, batch.mask)
        attention = self.network.attention(hidden, batch.mask)
        if attention_frozen:
            attention = attention.detach()
        return apply_link(self.network.decode(hidden, attention), link=self._link)

    def leave_one_out(self, batch: Batch) -> Float[Tensor, "batch tokens classes"] | None:
        """Probabilities without each word in turn, or None if that is no faster than `without`.

        They have no meaning at padding and for documents of one word.
        """
        check_filled(batch)
        with torch.no_grad():
            logits = deletion_logits(self.network, batch.token_ids, batch.mask)
            return None if logits is None else apply_link(logits, link=self._link)

    def without(self, batch: Batch, deletions: Sequence[tuple[int, int]]) -> Batch:
        """One entry per deletion: that row with that token taken out.

        Args:
            batch: Any batch.
            deletions: Pairs (row, token), counted from zero.

        Returns:
            A batch with the ids of the rows, in the order of the deletions.

        Raises:
            InvalidArgumentError: If there is no such row or token, or it is the row's only one.
        """
        return without_words(batch, deletions)
