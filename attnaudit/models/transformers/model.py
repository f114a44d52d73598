"""A transformers classifier as an `AttentionModel`."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.errors import UsageError
from attnaudit.models.protocol import Attended, Batch, Outputs, Site
from attnaudit.models.readout import Link, apply_link
from attnaudit.models.transformers.anatomy import Anatomy
from attnaudit.models.transformers.attending import attended
from attnaudit.models.transformers.batch import (
    PieceBatch,
    checked_pieces,
    masked_pieces,
    without_pieces,
)
from attnaudit.models.transformers.embeddings import (
    given_embeddings,
    piece_embeddings,
    word_embeddings,
)
from attnaudit.models.transformers.leave_one_out import deletion_logits
from attnaudit.models.transformers.network import Inputs, Network
from attnaudit.models.transformers.reading import Reader
from attnaudit.models.transformers.sites import find_site, listed, sites_of
from attnaudit.models.transformers.tap import Softmax, tapped
from attnaudit.records import Document


@dataclass(frozen=True, kw_only=True)
class TransformerModel:
    """A network `...ForSequenceClassification` with its tokeniser.

    What is audited are the words of the first text: what white space separates, or `tokens` where
    a document brings them. A word's attention is that of its sub-tokens together.

    Attributes:
        network: The network, in evaluation mode, its parameters fixed.
        anatomy: How it is built.
        reader: Its tokeniser.
        outputs: Class names and link.
        digest: Sha256 over weights, configuration and tokeniser, in hexadecimal.
        one_row: Whether the last layer may be computed at one position alone.
    """

    network: Network
    anatomy: Anatomy
    reader: Reader
    outputs: Outputs
    digest: str
    one_row: bool = True

    @property
    def sites(self) -> tuple[Site, ...]:
        """Attention of the position that the classifier reads, by layer and head.

        "layer.last" is the default; then "layers" (all at once), "layer.L" and "layer.L.head.H",
        counted from 0. Where the classifier reads every position, all of them are the queries.
        Otherwise each comes again with ".every" behind, about all positions, unless the network is
        causal. Last come "rollout", "attention-flow", "gradient-weighted" and "norm-based", which
        cannot be replaced.
        """
        return listed(sites_of(self.anatomy))

    def check_site(self, name: str) -> None:
        """Raise, with the reason, unless there is such a site.

        Args:
            name: What the user asked for.

        Raises:
            UsageError: If there is none in any network of these layers and heads.
            PreflightError: If there would be one, were the network built otherwise.
        """
        find_site(self.anatomy, name)

    @property
    def device(self) -> torch.device:
        """Where the weights lie."""
        return next(self.network.module.parameters()).device

    @property
    def dtype(self) -> torch.dtype:
        """Precision of the weights."""
        return next(self.network.module.parameters()).dtype

    @property
    def training(self) -> bool:
        """Whether any part is in training mode."""
        return any(part.training for part in self.network.module.modules())

    def prepare(self, documents: Sequence[Document]) -> PieceBatch:
        """Tokenise, find the word of each sub-token, and pad.

        Args:
            documents: Of one or two texts. Of two, the words of the first are audited.

        Returns:
            The usable documents in their order; `skipped` names those without a word,
            `truncated` those of which the network's longest input does not hold all.
        """
        return self.reader.prepare(documents)

    def attend(self, batch: Batch, *, sites: Sequence[str]) -> tuple[Attended, ...]:
        """One forward pass, seen at each of the named sites ("gradient-weighted" takes one more).

        Args:
            batch: At least one document, from `prepare` or `without`.
            sites: Names of sites.

        Returns:
            One entry per name. Its rows are in the order of layers, heads and queries.

        Raises:
            UsageError: If there is no such site.
            InvalidArgumentError: If the batch holds no document, or is not of this model.
            PreflightError: If the network cannot have such a site, a word lies outside the window
                that a layer attends to, or a document is too long for what is computed.
        """
        return attended(
            self.network,
            self.anatomy,
            checked_pieces(batch),
            [find_site(self.anatomy, name) for name in sites],
            link=self._link,
            one_row=self.one_row,
        )

    def embed(self, batch: Batch) -> Float[Tensor, "batch tokens dimensions"]:
        """Embeddings of the words: those of a word's sub-tokens side by side.

        Shorter words are filled up with zeros, which no gradient reaches.
        """
        pieces = checked_pieces(batch)
        with torch.no_grad():
            found: Tensor = self.network.embedding(pieces.piece_ids)
        return word_embeddings(found, pieces)

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
            embeddings: As `embed` gives them. Special tokens keep their own.
            attention_frozen: Treat the attention weights of all layers as constants in
                differentiation.

        Raises:
            InvalidArgumentError: If the batch holds no document, or is not of this model.
        """
        pieces = checked_pieces(batch)
        with torch.no_grad():
            own: Tensor = self.network.embedding(pieces.piece_ids)
        given = piece_embeddings(embeddings, own, pieces)

        def see(softmax: Softmax) -> Tensor | None:
            return softmax.weights.detach() if attention_frozen else None

        replaced = given_embeddings(self.network.embedding, pieces.piece_ids, given)
        with replaced, tapped(self.network.module, see):
            return apply_link(self.network.logits(Inputs.of(pieces)), link=self._link)

    def without(self, batch: Batch, deletions: Sequence[tuple[int, int]]) -> PieceBatch:
        """One entry per deletion: that row without all sub-tokens of that word.

        Special tokens and the second text stay.

        Args:
            batch: Any batch of this model.
            deletions: Pairs (row, word), counted from zero.

        Raises:
            InvalidArgumentError: If there is no such row or word, or it is the row's only one.
        """
        return without_pieces(checked_pieces(batch), deletions, padding=self.reader.padding)

    def masked(self, batch: Batch, places: Sequence[tuple[int, int]]) -> PieceBatch:
        """One entry per place: that row with each sub-token of that word masked.

        The other way of leaving a word out: no other word moves. Whether the network was trained
        to read the mask token of its tokeniser cannot be told.

        Args:
            batch: Any batch of this model.
            places: Pairs (row, word), counted from zero.

        Raises:
            UsageError: If the tokeniser has no mask token, or the network does not know it.
            InvalidArgumentError: If there is no such row or word.
        """
        mask_id: int | None = self.reader.tokenizer.mask_token_id
        if mask_id is None:
            raise UsageError(
                f"the tokeniser of this {self.network.architecture} has no mask token. Leave words "
                "out by deleting them."
            )
        known = self.network.vocabulary_size
        if mask_id >= known:
            raise UsageError(
                f"the mask token {self.reader.tokenizer.mask_token!r} of the tokeniser has number "
                f"{mask_id}, and this {self.network.architecture} knows {known} pieces. Leave "
                "words out by deleting them."
            )
        return masked_pieces(checked_pieces(batch), places, mask_id=mask_id)

    def leave_one_out(self, batch: Batch) -> Float[Tensor, "batch tokens classes"] | None:
        """Probabilities without each word in turn; without meaning for documents of one word.

        The same as by `without`, and nothing is kept on the way.
        """
        pieces = checked_pieces(batch)
        logits = deletion_logits(
            self.network, pieces, padding=self.reader.padding, outputs=len(self.outputs.classes)
        )
        return apply_link(logits.to(device=self.device, dtype=self.dtype), link=self._link)

    @property
    def _link(self) -> Link:
        return "multilabel" if self.outputs.kind == "multilabel" else "softmax"
