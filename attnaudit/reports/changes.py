"""What became of the claims from one run to another, as lines of text."""

import math
from collections.abc import Iterator, Mapping

from attnaudit.records import Outcome
from attnaudit.reports.columns import aligned
from attnaudit.reports.numbers import shown
from attnaudit.reports.plain import plain
from attnaudit.reports.subjects import subject_names
from attnaudit.verdicts.change import Change, ChangeRow, ClaimChange
from attnaudit.verdicts.run_comparison import DocumentPairs, RunComparison

_Names = Mapping[tuple[str, str], str]

_WORST_FIRST = tuple(Change)
_REASON_WIDTH = 400
_NAME_WIDTH = 60
_ID_WIDTH = 100
_HEADING = (
    *("change", "model", "claim", "was", "is"),
    *("old", "new", "difference", "margin", "documents"),
)


def change_table(comparison: RunComparison) -> list[str]:
    """A heading, then one line per claim, worst first, with a line for each of its groups.

    After the heading, the first word of every line is a change.
    """
    names = _names(comparison)
    lines = [cells for claim in _sorted(comparison) for cells in _cells(claim, names)]
    return aligned([_HEADING, *lines])


def change_notes(comparison: RunComparison) -> list[str]:
    """Why changes are what they are, which documents were compared, and what this cannot say."""
    names = _names(comparison)
    lines = list(_reasons(comparison, names))
    lines += [_documents(pairs, names) for pairs in comparison.pairs]
    lines += [
        f"{plain(model, width=_NAME_WIDTH)}: not the claims that the old run was judged by; "
        "both runs are compared by these"
        for model in dict.fromkeys(comparison.changed_claims)
    ]
    lines.append("these weights only: weights of another training may differ by more or less")
    return lines


def change_summary(comparison: RunComparison) -> str:
    """How many claims had which change, worst first, for example "1 worse, 6 unchanged"."""
    changes = [claim.change for claim in comparison.claims]
    counts = {change: changes.count(change) for change in _WORST_FIRST}
    return ", ".join(f"{count} {change.value}" for change, count in counts.items() if count)


def _names(comparison: RunComparison) -> _Names:
    subjects = [(claim.model, claim.site) for claim in comparison.claims]
    for pairs in comparison.pairs:
        subjects += [(pairs.new_model, pairs.site), (pairs.old_model, pairs.site)]
    return subject_names(subjects)


def _sorted(comparison: RunComparison) -> list[ClaimChange]:
    return sorted(
        comparison.claims,
        key=lambda claim: (_WORST_FIRST.index(claim.change), claim.model, claim.site, claim.claim),
    )


def _cells(claim: ClaimChange, names: _Names) -> Iterator[tuple[str, ...]]:
    name = claim.change.value if claim.required else f"{claim.change.value} (advisory)"
    overall = claim.rows[0] if claim.rows else None
    yield (
        name,
        names[claim.model, claim.site],
        plain(claim.claim, width=_ID_WIDTH),
        _outcome(claim.old),
        _outcome(claim.new),
        *_numbers(overall, claim.margin),
    )
    # The first line stands for the whole claim, which a group can decide against the overall.
    shown_already = overall is None or overall.change is claim.change
    for row in claim.rows[1:] if shown_already else claim.rows:
        group = plain(row.group, width=_NAME_WIDTH)
        yield f"  {row.change.value}", "", f"  {group}", "", "", *_numbers(row, claim.margin)


def _outcome(outcome: Outcome | None) -> str:
    return "-" if outcome is None else outcome.value


def _numbers(row: ChangeRow | None, margin: float | None) -> tuple[str, str, str, str, str]:
    within = "-" if margin is None else f"{margin:g}"
    if row is None:
        return "-", "-", "-", within, "-"
    interval = f"[{row.low:+.3f}, {row.high:+.3f}]"
    moved = f" ({row.moved} moved)" if row.moved else ""
    return _shown(row.old), _shown(row.new), interval, within, f"{row.n}{moved}"


def _shown(number: float) -> str:
    return shown(number if math.isfinite(number) else None)


def _reasons(comparison: RunComparison, names: _Names) -> Iterator[str]:
    """Every reason once, with all that it holds for."""
    subjects: dict[str, list[str]] = {}
    for claim in _sorted(comparison):
        where = f"{plain(claim.claim, width=_ID_WIDTH)} of {names[claim.model, claim.site]}"
        if claim.reason is not None:
            subjects.setdefault(claim.reason, []).append(where)
        for row in claim.rows:
            if row.reason is not None:
                subjects.setdefault(row.reason, []).append(
                    f"{where} ({plain(row.group, width=_NAME_WIDTH)})"
                )
    for reason, places in subjects.items():
        yield f"{plain(reason, width=_REASON_WIDTH)}: {', '.join(places)}"


def _documents(pairs: DocumentPairs, names: _Names) -> str:
    both = dict.fromkeys([(pairs.new_model, pairs.site), (pairs.old_model, pairs.site)])
    subject = " against ".join(names[one] for one in both)
    line = f"{subject}: {len(pairs.ids)} documents paired by id"
    if pairs.same_digest:
        line += ", both runs on the same documents"
    only = [
        f"{count} {what}"
        for count, what in (
            (pairs.only_old, "only in the old run"),
            (pairs.only_new, "only in the new run"),
            (pairs.other_words, "left out because their words differ"),
        )
        if count
    ]
    line += "".join(f", {part}" for part in only)
    if not pairs.verified:
        # Words may not be stored at all, or only those of the first of two texts.
        line += "; stored words do not prove it, so only their ids say that they are the same"
    return line
