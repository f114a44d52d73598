"""What a page shows of a run: per audit its claims, and per quantity that they judge an exhibit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from attnaudit.errors import UsageError
from attnaudit.reports.verdict_table import ClaimRows, worst_first
from attnaudit.store.directory import RunDirectory
from attnaudit.store.parts import Parts
from attnaudit.store.run import ClaimRow, ModelEntry, Run


@dataclass(frozen=True, kw_only=True, slots=True)
class Exhibit:
    """One measured quantity that claims are about.

    Attributes:
        measurement: Label of the measurement in the run.
        quantity: Name of the quantity.
        direction: On which side of its threshold a claim lies.
        claims: The "overall" rows of the claims about it. Where an audit was measured in several
            ways, a run does not say which of them a claim judges, so each may be meant.
    """

    measurement: str
    quantity: str
    direction: Literal["at_least", "at_most"]
    claims: tuple[ClaimRow, ...]

    @property
    def thresholds(self) -> tuple[float, ...]:
        """Where the claims draw the line; none where that is a share of documents."""
        limits = {
            row.at_least if row.at_least is not None else row.at_most
            for row in self.claims
            if row.statistic != "fraction"
        }
        return tuple(sorted(limit for limit in limits if limit is not None))


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """One audit of one model at one site.

    Attributes:
        model: Name of the model.
        site: Attention site.
        audit: Name of the audit.
        claims: Its claims, worst first.
        exhibits: What was measured for them; none where nothing could be.
    """

    model: str
    site: str
    audit: str
    claims: tuple[ClaimRows, ...]
    exhibits: tuple[Exhibit, ...]


def sections(run: Run, directory: RunDirectory) -> tuple[Section, ...]:
    """All audits of a run, those with the worst outcome first.

    Args:
        run: What was decided.
        directory: Where it keeps what it measured.

    Raises:
        UsageError: If the directory lacks a measurement that the run names.
    """
    entries = {(entry.name, entry.site): entry for entry in run.models}
    grouped: dict[tuple[str, str, str], list[ClaimRows]] = {}
    # Worst first inside a section, and sections by the worst claim they hold.
    for claim in worst_first(run.claims):
        row = claim.overall
        grouped.setdefault((row.model, row.site, row.audit), []).append(claim)
    return tuple(
        Section(
            model=model,
            site=site,
            audit=audit,
            claims=tuple(claims),
            exhibits=tuple(_exhibits(claims, audit, entries.get((model, site)), directory)),
        )
        for (model, site, audit), claims in grouped.items()
    )


def finished(parts: Parts, what: str) -> dict[str, object]:
    """What was stored with a finished table.

    Args:
        parts: The table.
        what: What it holds, in words.

    Raises:
        UsageError: If parts of it may be missing.
    """
    about = parts.finished()
    if about is None:
        raise UsageError(
            f"{parts.folder} lacks {what}, which its run names; run the audit again with the same "
            "report directory"
        )
    return about


def _exhibits(
    claims: Sequence[ClaimRows], audit: str, entry: ModelEntry | None, directory: RunDirectory
) -> Iterator[Exhibit]:
    if entry is None:
        return
    judged: dict[tuple[str, Literal["at_least", "at_most"]], list[ClaimRow]] = {}
    for claim in claims:
        row = claim.overall
        direction: Literal["at_least", "at_most"] = (
            "at_most" if row.at_least is None else "at_least"
        )
        judged.setdefault((row.quantity, direction), []).append(row)
    for label, key in entry.measurements.items():
        about = finished(directory.measurement(key), f"the measurement {label!r} of {entry.name}")
        if about["audit"] != audit:
            continue
        for (quantity, direction), rows in judged.items():
            yield Exhibit(
                measurement=label, quantity=quantity, direction=direction, claims=tuple(rows)
            )
