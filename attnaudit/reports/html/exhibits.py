"""What a page shows of a run: per audit its claims, and per quantity that they judge an exhibit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from attnaudit.errors import UsageError
from attnaudit.reports.html.known import SEARCH
from attnaudit.reports.known import ADVERSARY
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
        claims: The "overall" rows of the claims about it. Older runs do not say which of several
            measurements of an audit a claim judges, so there each may be meant.
        settings: How it was measured, in words.
        search: Label of the measurement by the paper's search that goes as far from the output,
            where this one is not by search itself; None where there is none.
    """

    measurement: str
    quantity: str
    direction: Literal["at_least", "at_most"]
    claims: tuple[ClaimRow, ...]
    settings: str = ""
    search: str | None = None

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


def finished(parts: Parts, what: str) -> dict[str, Any]:
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
    stored = {
        label: finished(directory.measurement(key), f"the measurement {label!r} of {entry.name}")
        for label, key in entry.measurements.items()
    }
    for label, about in stored.items():
        if about["audit"] != audit:
            continue
        for (quantity, direction), every in judged.items():
            rows = [row for row in every if row.measurement in (None, label)]
            if not rows:
                continue
            yield Exhibit(
                measurement=label,
                quantity=quantity,
                direction=direction,
                claims=tuple(rows),
                settings=_settings(about),
                search=_search_beside(label, stored),
            )


def _settings(about: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')} {value}" for name, value in about["parameters"].items()
    )


def _search_beside(label: str, stored: Mapping[str, Mapping[str, Any]]) -> str | None:
    own = stored[label]["parameters"]
    if stored[label]["audit"] != ADVERSARY or own.get("method") == SEARCH:
        return None
    return next(
        (
            other
            for other, about in stored.items()
            if about["audit"] == ADVERSARY
            and about["parameters"].get("method") == SEARCH
            and about["parameters"].get("max_tvd") == own.get("max_tvd")
        ),
        None,
    )
