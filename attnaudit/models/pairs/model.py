"""The paper's models of two texts as an `AttentionModel`."""

import copy
from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.data.vocabulary import Vocabulary
from attnaudit.errors import ModelError, UsageError
from attnaudit.models.configuration import PairConfiguration
from attnaudit.models.deletions import without_words
from attnaudit.models.digest import model_digest
from attnaudit.models.pairs.batch import PairBatch, checked_pairs
from attnaudit.models.pairs.classifier import PairClassifier
from attnaudit.models.pairs.preparation import prepare_pairs
from attnaudit.models.preparation import check_filled
from attnaudit.models.protocol import Attended, Batch, Outputs, Site
from attnaudit.models.readout import apply_link
from attnaudit.records import Document

SITE = Site(name="attention")


class PairModel:
    """A `PairClassifier` with the vocabulary and the classes it was trained on.

    The first text of a document is attended and audited; the second asks about it and stays.

    Args:
        network: The classifier; it is used as it is, in whichever mode, precision and place.
        configuration: What the network was built from.
        vocabulary: Words of both texts, with a row in either embedding.

    Raises:
        ModelError: If vocabulary and embeddings differ in size.
    """

    def __init__(
        self, network: PairClassifier, configuration: PairConfiguration, vocabulary: Vocabulary
    ) -> None:
        rows = [reader.embedding.num_embeddings for reader in (network.document, network.query)]
        if {len(vocabulary), configuration.vocabulary_size} != {*rows}:
            raise ModelError(
                f"the vocabulary has {len(vocabulary)} entries, the configuration says "
                f"{configuration.vocabulary_size} and the embeddings have {rows[0]} and {rows[1]} "
                "rows. Use the vocabulary the model was trained with."
            )
        self.network = network
        self.configuration = configuration
        self.vocabulary = vocabulary

    @property
    def outputs(self) -> Outputs:
        """Class names and link."""
        return Outputs(classes=self.configuration.classes, kind=self.configuration.kind)

    @property
    def sites(self) -> tuple[Site, ...]:
        """The one site, `attention`: over the words of the first text."""
        return (SITE,)

    @property
    def digest(self) -> str:
        """Sha256 over weights, configuration and vocabulary, in hexadecimal."""
        return model_digest(self.network, self.configuration, self.vocabulary)

    @property
    def device(self) -> torch.device:
        """Where the weights lie."""
        return self.network.head.output.weight.device

    @property
    def dtype(self) -> torch.dtype:
        """Precision of the weights."""
        return self.network.head.output.weight.dtype

    @property
    def training(self) -> bool:
        """Whether any part is in training mode."""
        return any(part.training for part in self.network.modules())

    def to(self, *, device: torch.device, dtype: torch.dtype) -> "PairModel":
        """A copy in another place or precision."""
        network = copy.deepcopy(self.network).to(device=device, dtype=dtype)
        return PairModel(network, self.configuration, self.vocabulary)

    def prepare(self, documents: Sequence[Document]) -> PairBatch:
        """Split both texts into words, look them up and pad.

        Args:
            documents: Each with a second text. `tokens` win over `text`. The batch keeps their
                spelling.

        Returns:
            The usable documents in their order; `skipped` names those of which a text has no
            token or more than `max_tokens`, or which mention none of the classes where only
            mentioned ones are candidates.

        Raises:
            DataError: If a document has no second text.
        """
        return prepare_pairs(documents, self.configuration, self.vocabulary, device=self.device)

    def attend(self, batch: Batch, *, sites: Sequence[str]) -> tuple[Attended, ...]:
        """One forward pass, seen at each of the named sites.

        Args:
            batch: At least one document, from `prepare` or `without`.
            sites: Names of sites; only "attention" exists.

        Returns:
            One entry per name. Its readout works in the precision of the model.

        Raises:
            UsageError: If there is no such site.
            InvalidArgumentError: If the batch holds no document, or no second texts.
        """
        for name in sites:
            if name != SITE.name:
                raise UsageError(
                    f"the model has no attention site {name!r}; its only one is {SITE.name!r}."
                )
        check_filled(batch)
        with torch.no_grad():
            attended = self._attended(checked_pairs(batch))
        return (attended,) * len(sites)

    def _attended(self, batch: PairBatch) -> Attended:
        network = self.network
        query = self._query(batch)
        hidden = network.document.words(network.document.embedding(batch.token_ids), batch.mask)
        attention = network.attention(hidden, batch.mask, query)
        logits = network.decode(hidden, attention, query, batch.candidates)
        return Attended(
            units=tuple((name, 0) for name in batch.documents),
            tokens=batch.tokens,
            mask=batch.mask,
            attention=attention,
            rows=attention.unsqueeze(1),
            probabilities=apply_link(logits, link="softmax"),
            readout=network.head.readout(hidden, query, batch.candidates),
        )

    def _query(self, batch: PairBatch) -> Float[Tensor, "batch hidden"]:
        # Nothing that is audited is differentiated by the second text.
        with torch.no_grad():
            return self.network.query.whole(batch.query_ids, batch.query_mask)[batch.query_of]

    def embed(self, batch: Batch) -> Float[Tensor, "batch tokens dimensions"]:
        """Embeddings of the first text, cut off from the network's own differentiation."""
        with torch.no_grad():
            embeddings: Tensor = self.network.document.embedding(batch.token_ids)
        return embeddings

    def predict_embedded(
        self,
        batch: Batch,
        embeddings: Float[Tensor, "batch tokens dimensions"],
        *,
        attention_frozen: bool,
    ) -> Float[Tensor, "batch classes"]:
        """Probabilities from embeddings of the first text, differentiable by them.

        Args:
            batch: Where the embeddings come from.
            embeddings: One vector per word; those of padding are ignored.
            attention_frozen: Treat the attention weights as constants in differentiation, as the
                paper's gradient importance does.

        Returns:
            Probabilities equal to those of `attend` at the embeddings of `embed`.

        Raises:
            InvalidArgumentError: If the batch holds no document, or no second texts.
        """
        check_filled(batch)
        pairs = checked_pairs(batch)
        query = self._query(pairs)
        hidden = self.network.document.words(embeddings, pairs.mask)
        attention = self.network.attention(hidden, pairs.mask, query)
        if attention_frozen:
            attention = attention.detach()
        logits = self.network.decode(hidden, attention, query, pairs.candidates)
        return apply_link(logits, link="softmax")

    def without(self, batch: Batch, deletions: Sequence[tuple[int, int]]) -> PairBatch:
        """One entry per deletion: that row with that token of its first text taken out.

        The second text stays, and so do the candidates: an answer whose only mention is deleted
        may still be given.

        Args:
            batch: From `prepare` or `without`.
            deletions: Pairs (row, token), counted from zero.

        Returns:
            A batch with the ids of the rows, in the order of the deletions.

        Raises:
            InvalidArgumentError: If there is no such row or token, it is the row's only one, or
                the batch has no second texts.
        """
        pairs = checked_pairs(batch)
        shorter = without_words(pairs, deletions)
        rows = torch.tensor([row for row, _ in deletions], dtype=torch.int64, device=self.device)
        return PairBatch(
            documents=shorter.documents,
            tokens=shorter.tokens,
            token_ids=shorter.token_ids,
            mask=shorter.mask,
            query_ids=pairs.query_ids,
            query_mask=pairs.query_mask,
            query_of=pairs.query_of[rows],
            candidates=pairs.candidates[rows],
        )
