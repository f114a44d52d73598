"""What a recorded pass shows at a site."""

from attnaudit.errors import PreflightError
from attnaudit.models.protocol import Attended, Readout
from attnaudit.models.readout import Link, apply_link
from attnaudit.models.transformers.anatomy import Anatomy
from attnaudit.models.transformers.batch import PieceBatch
from attnaudit.models.transformers.network import Network
from attnaudit.models.transformers.one_row import OneRowReadout
from attnaudit.models.transformers.recording import Recorded
from attnaudit.models.transformers.restart import RestartedReadout
from attnaudit.models.transformers.rows import PieceRows
from attnaudit.models.transformers.sites import Heads


def attended_at(
    network: Network,
    anatomy: Anatomy,
    batch: PieceBatch,
    recorded: Recorded,
    heads: Heads,
    *,
    link: Link,
    one_row: bool,
) -> Attended:
    """A batch at some heads.

    Args:
        network: The network.
        anatomy: How it is built.
        batch: What it has read.
        recorded: The pass in which it did, with the layers of the heads.
        heads: The heads of a site.
        link: From logits to probabilities.
        one_row: Whether the last layer may be computed at one position alone.

    Raises:
        PreflightError: If a word lies outside the window that a layer attends to.
    """
    for layer in heads.layers:
        _check_visible(recorded, batch, layer)
    rows = word_rows(batch, recorded, heads)
    parts = (network, anatomy, recorded, heads, rows)
    readout: Readout | None = OneRowReadout.of(*parts, link=link) if one_row else None
    over_words = rows.over_words()
    real = rows.real.unsqueeze(2).to(over_words)
    return Attended(
        units=tuple((name, 0) for name in batch.documents),
        tokens=batch.tokens,
        mask=batch.mask,
        attention=(over_words * real).sum(dim=1) / real.sum(dim=1),
        rows=over_words,
        probabilities=apply_link(recorded.logits, link=link),
        readout=RestartedReadout.of(*parts, link=link) if readout is None else readout,
    )


def word_rows(batch: PieceBatch, recorded: Recorded, heads: Heads) -> PieceRows:
    """The distributions of some heads, in the order of layers, heads and queries.

    Args:
        batch: Which piece belongs to which word.
        recorded: A pass with the layers of the heads.
        heads: The heads of a site.
    """
    own = recorded.rows_of(heads)
    number = sum(len(chosen) for chosen in heads.heads)
    return PieceRows(
        own=own,
        real=recorded.queries.real.repeat(1, number),
        word_of=batch.word_of,
        mask=batch.mask,
    )


def _check_visible(recorded: Recorded, batch: PieceBatch, layer: int) -> None:
    of_word = (batch.word_of >= 0)[:, None, None, :]
    hidden = of_word & ~recorded.visible[layer] & recorded.queries.real[:, None, :, None]
    if hidden.any():
        row = int(hidden.flatten(1).any(dim=1).nonzero()[0])
        raise PreflightError(
            f"document {batch.documents[row]!r}: layer {layer} does not attend to all of its words "
            "from where the classifier reads, so weight cannot be put there. Choose a layer that "
            "attends to the whole document, or documents that fit its window; a decoder sees "
            "nothing behind the last piece that is not its padding."
        )
