"""The one door to a neural network: `AttentionModel`, what it shows, and its `Readout`.

Every audit asks what attention says (`Attended.attention`) or what would happen if it were
different (`Attended.readout`). No other part of the package touches an `nn.Module`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Literal, Protocol, runtime_checkable

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from attnaudit.errors import InvalidArgumentError
from attnaudit.records import Document, Skipped


@dataclass(frozen=True, kw_only=True, slots=True)
class Outputs:
    """What the model predicts.

    Attributes:
        classes: Class names, in the order of the probability columns.
        kind: "binary" is one sigmoid reported as two columns (1 - p, p); "softmax" is one
            distribution; "multilabel" is one independent sigmoid per class.
    """

    classes: tuple[str, ...]
    kind: Literal["binary", "softmax", "multilabel"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """A place attention is read from; `replaceable` says whether it can also be overridden."""

    name: str
    replaceable: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Documents ready for the model, padded at the end.

    Attributes:
        documents: Ids.
        tokens: The words of each document, as a report shows them.
        token_ids: Int [batch tokens], padded; special tokens are not among them.
        mask: Bool [batch tokens], True at a real token.
        skipped: Documents that `prepare` left out, and why.
        truncated: Ids of documents that are not read whole, as the model's longest input holds no
            more: the end of the document, or of its second text, is missing.
    """

    documents: tuple[str, ...]
    tokens: tuple[tuple[str, ...], ...]
    token_ids: Int[Tensor, "batch tokens"]
    mask: Bool[Tensor, "batch tokens"]
    skipped: tuple[Skipped, ...] = ()
    truncated: tuple[str, ...] = ()

    @property
    def lengths(self) -> Int[Tensor, " batch"]:
        """Number of real tokens of each document."""
        return self.mask.sum(dim=1)

    def select(self, rows: Int[Tensor, " selected"]) -> "Batch":
        """Some documents only, as padded as before.

        Args:
            rows: Int [selected], rows of the batch, in the order in which they are wanted.

        Raises:
            InvalidArgumentError: If this is a kind of batch that holds more and does not say what
                becomes of that.
        """
        known = {field.name for field in fields(Batch)}
        more = [field.name for field in fields(self) if field.name not in known]
        if more:
            raise InvalidArgumentError(
                f"a {type(self).__name__} holds more than a Batch ({', '.join(more)}), and its "
                "select would lose that. Give it a select of its own, with select_words for what "
                "every Batch has."
            )
        return select_words(self, rows)


def select_words(batch: Batch, rows: Int[Tensor, " selected"]) -> Batch:
    """Of some documents what every kind of batch holds, as padded as before.

    Args:
        batch: Any kind of batch.
        rows: Int [selected], its rows, in the order in which they are wanted.
    """
    chosen = rows.tolist()
    documents = tuple(batch.documents[row] for row in chosen)
    return Batch(
        documents=documents,
        tokens=tuple(batch.tokens[row] for row in chosen),
        token_ids=batch.token_ids[rows],
        mask=batch.mask[rows],
        truncated=tuple(name for name in documents if name in batch.truncated),
    )


@runtime_checkable
class Readout(Protocol):
    """The model as a function of attention alone, with everything else frozen."""

    def __call__(
        self, attention: Float[Tensor, "batch k tokens"]
    ) -> Float[Tensor, "batch k classes"]:
        """Probabilities under k alternative attentions per unit, each used for all rows."""
        ...

    def replace(
        self, rows: Float[Tensor, "batch k rows tokens"]
    ) -> Float[Tensor, "batch k classes"]:
        """Probabilities when every row has its own alternative."""
        ...

    def logits(
        self, attention: Float[Tensor, "batch k tokens"]
    ) -> Float[Tensor, "batch k outputs"]:
        """The same as calling, before the link function."""
        ...

    def select(self, index: Int[Tensor, " selected"]) -> "Readout":
        """The readout of some units only."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Attended:
    """One batch seen at one attention site. An entry of the batch is a *unit*.

    Attributes:
        units: (document id, output index) of each entry.
        tokens: The words of each entry.
        mask: Bool [batch tokens], True at a real token, which may be attended.
        attention: Float [batch tokens], on the simplex over the mask.
        rows: Float [batch rows tokens], the distributions that `readout.replace` replaces.
        probabilities: Float [batch classes], the model's own output.
        readout: Output as a function of attention.
        special_mass: Float [batch], the share of the weight, in [0, 1], that lies outside the mask,
            on special tokens or on a second text; `rows` say how the rest is shared, and this is
            the mean over them. None where a model has no such place.
    """

    units: tuple[tuple[str, int], ...]
    tokens: tuple[tuple[str, ...], ...]
    mask: Bool[Tensor, "batch tokens"]
    attention: Float[Tensor, "batch tokens"]
    rows: Float[Tensor, "batch rows tokens"]
    probabilities: Float[Tensor, "batch classes"]
    readout: Readout
    special_mass: Float[Tensor, " batch"] | None = None


@runtime_checkable
class AttentionModel(Protocol):
    """What an audit needs of a trained model. Implement it to audit a module of your own."""

    @property
    def outputs(self) -> Outputs:
        """Class names and link."""
        ...

    @property
    def sites(self) -> tuple[Site, ...]:
        """Attention sites; the first is the default."""
        ...

    @property
    def digest(self) -> str:
        """Sha256 over weights, configuration and tokeniser, in hexadecimal."""
        ...

    @property
    def device(self) -> torch.device:
        """Where the weights lie."""
        ...

    @property
    def dtype(self) -> torch.dtype:
        """Precision of the weights."""
        ...

    @property
    def training(self) -> bool:
        """Whether any part is in training mode, which no audit accepts."""
        ...

    def prepare(self, documents: Sequence[Document]) -> Batch:
        """Tokenise and pad; name in `skipped` what cannot be used."""
        ...

    def attend(self, batch: Batch, *, sites: Sequence[str]) -> tuple[Attended, ...]:
        """One forward pass, seen at each of the named sites."""
        ...

    def embed(self, batch: Batch) -> Float[Tensor, "batch tokens dimensions"]:
        """Input embeddings of the real tokens (padding anything)."""
        ...

    def predict_embedded(
        self,
        batch: Batch,
        embeddings: Float[Tensor, "batch tokens dimensions"],
        *,
        attention_frozen: bool,
    ) -> Float[Tensor, "batch classes"]:
        """Probabilities from embeddings, differentiable.

        With `attention_frozen` the weights are computed but cut off from differentiation.
        """
        ...

    def without(self, batch: Batch, deletions: Sequence[tuple[int, int]]) -> Batch:
        """One entry per deletion (row, token): that row with that token taken out.

        Rows may have one token only if nothing is deleted from them.
        """
        ...


@runtime_checkable
class MasksWords(Protocol):
    """A model with a mask token, which can stand in the place of a word."""

    def masked(self, batch: Batch, places: Sequence[tuple[int, int]]) -> Batch:
        """One entry per place (row, token): that row with that token masked, as long as before.

        Raises:
            UsageError: If this model has no mask token after all.
        """
        ...


@runtime_checkable
class SharesLeaveOneOut(Protocol):
    """A model that may know a shorter way to its outputs without each word than `without`."""

    def leave_one_out(self, batch: Batch) -> Float[Tensor, "batch tokens classes"] | None:
        """Probabilities without each token in turn, or None; equal to those of `without`.

        Without meaning at padding, and for documents of one token.
        """
        ...
