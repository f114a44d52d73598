"""What a recorded pass shows at a site."""

from collections.abc import Iterable, Sequence

from attnaudit.errors import PreflightError
from attnaudit.models.aggregated import ATTENTION_FLOW, NORM_BASED, ROLLOUT
from attnaudit.models.protocol import Attended, Readout
from attnaudit.models.readout import Link, apply_link
from attnaudit.models.transformers.aggregated.attending import aggregated_at
from attnaudit.models.transformers.aggregated.attention_flow import check_lengths
from attnaudit.models.transformers.anatomy import Anatomy
from attnaudit.models.transformers.batch import PieceBatch
from attnaudit.models.transformers.network import Inputs, Network
from attnaudit.models.transformers.one_row import OneRowReadout
from attnaudit.models.transformers.recording import Queried, Recorded, record
from attnaudit.models.transformers.restart import RestartedReadout
from attnaudit.models.transformers.rows import PieceRows
from attnaudit.models.transformers.sites import Aggregate, Heads


def attended(
    network: Network,
    anatomy: Anatomy,
    batch: PieceBatch,
    sites: Sequence[Heads | Aggregate],
    *,
    link: Link,
    one_row: bool,
) -> tuple[Attended, ...]:
    """A batch at some sites, for which it runs through the network once.

    Gradient-weighted attention alone needs a pass of its own.

    Args:
        network: The network.
        anatomy: How it is built.
        batch: At least one document.
        sites: What the sites stand for.
        link: From logits to probabilities.
        one_row: Whether the last layer may be computed at one position alone.

    Raises:
        PreflightError: If a word lies outside the window that a layer attends to, a document is
            too long for what is computed, or what is computed is no finite number.
    """
    parts = [one for one in sites if isinstance(one, Heads)]
    computed = {one.name for one in sites if isinstance(one, Aggregate)}
    if ATTENTION_FLOW in computed:
        check_lengths(batch)
    recorded = record(
        network,
        anatomy,
        Inputs.of(batch),
        layers=_layers(one for one in parts if not one.every)
        | ({anatomy.layers - 1} if NORM_BASED in computed else frozenset()),
        every=_layers(one for one in parts if one.every),
        means=not computed.isdisjoint({ROLLOUT, ATTENTION_FLOW}),
    )
    seen = (network, anatomy, batch, recorded)
    return tuple(
        _attended_at(*seen, one, link=link, one_row=one_row)
        if isinstance(one, Heads)
        else aggregated_at(*seen, one, link=link)
        for one in sites
    )


def _layers(parts: Iterable[Heads]) -> frozenset[int]:
    return frozenset(layer for heads in parts for layer in heads.layers)


def _attended_at(
    network: Network,
    anatomy: Anatomy,
    batch: PieceBatch,
    recorded: Recorded,
    heads: Heads,
    *,
    link: Link,
    one_row: bool,
) -> Attended:
    for layer in heads.layers:
        _check_visible(recorded.of(heads), batch, layer)
    rows = _word_rows(batch, recorded, heads)
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
        special_mass=rows.special_mass(),
    )


def _word_rows(batch: PieceBatch, recorded: Recorded, heads: Heads) -> PieceRows:
    """The distributions of some heads, in the order of layers, heads and queries."""
    own = recorded.rows_of(heads)
    number = sum(len(chosen) for chosen in heads.heads)
    return PieceRows(
        own=own,
        real=recorded.of(heads).queries.real.repeat(1, number),
        word_of=batch.word_of,
        mask=batch.mask,
    )


def _check_visible(queried: Queried, batch: PieceBatch, layer: int) -> None:
    of_word = (batch.word_of >= 0).unsqueeze(1)
    hidden = of_word & ~queried.visible[layer] & queried.queries.real.unsqueeze(2)
    if hidden.any():
        row = int(hidden.flatten(1).any(dim=1).nonzero()[0])
        raise PreflightError(
            f"document {batch.documents[row]!r}: layer {layer} does not attend to all of its words "
            "from each position that the site is about, so weight cannot be put there. Choose a "
            "layer that attends to the whole document, or documents that fit its window; a decoder "
            "sees nothing behind the last piece that is not its padding."
        )
