"""A calibration as Markdown."""

from collections.abc import Iterable, Sequence

from attnaudit.calibration.adaptive import AdaptiveCell
from attnaudit.calibration.blocks import BlocksCell
from attnaudit.calibration.bootstrap import BootstrapCell
from attnaudit.calibration.cells import Cell
from attnaudit.calibration.collapse import CollapseCell
from attnaudit.calibration.rates import Rate
from attnaudit.calibration.record import Calibration, Settings
from attnaudit.calibration.session import SessionCell
from attnaudit.calibration.summary import summary_lines

_CELLS = (
    *("construction", "claim", "statistic", "truth", "n"),
    *("false support", "false refute", "supported, false by 0.1 sd", "refuted, true by 0.1 sd"),
    *("inconclusive, true by 0.5 sd", "inconclusive, false by 0.5 sd"),
    *("t: false support", "t: false refute"),
)
_SESSIONS = (*("construction", "n", "any wrong verdict", "level not shared", "t, level shared"),)
_ADAPTIVE = (
    *("construction", "claim", "false support", "false refute"),
    *("t: false support", "t: false refute"),
)
_BLOCKS = (*("construction", "claim", "question", "false support", "false refute", "right"),)
_BOOTSTRAP = ("construction", "claim", "n", "BCa: false support", "BCa: false refute")
_COLLAPSE = (*("claim", "limit", "mean where defined", "n", "supported", "refuted"),)


def calibration_lines(calibration: Calibration, settings: Settings) -> list[str]:
    """Everything that was measured: what it amounts to, then the tables."""
    lines = ["# Error rates of verdicts", "", *summary_lines(calibration, settings)]
    lines += ["", "## Each claim by itself", "", *_table(_CELLS, map(_cell, calibration.cells))]
    if calibration.sessions:
        rows = map(_session, calibration.sessions)
        lines += ["", "## Twenty claims on the same documents", "", *_table(_SESSIONS, rows)]
    if calibration.adaptive:
        rows = map(_adaptive, calibration.adaptive)
        lines += ["", "## Judged again and again as documents come", "", *_table(_ADAPTIVE, rows)]
    if calibration.blocks:
        rows = map(_blocks, calibration.blocks)
        lines += ["", "## Judged block by block", "", *_table(_BLOCKS, rows)]
    if calibration.bootstrap:
        rows = map(_bootstrap, calibration.bootstrap)
        lines += ["", "## What BCa would have decided", "", *_table(_BOOTSTRAP, rows)]
    if calibration.collapse:
        rows = map(_collapse, calibration.collapse)
        lines += ["", "## The model that collapses", "", *_table(_COLLAPSE, rows)]
    left = (
        ("No chance in them", calibration.constant),
        ("Truth open, as documents have no value", calibration.open),
        ("Median shared by many documents", calibration.tied),
    )
    if any(pairs for _, pairs in left):
        lines += ["", "## Left out", ""]
        lines += [f"* {reason}: {_listed(pairs)}." for reason, pairs in left if pairs]
    return lines


def rate_text(rate: Rate | None) -> str:
    """A share with its Clopper-Pearson 95 % limits."""
    if rate is None:
        return "-"
    low, high = rate.interval
    return f"{_short(rate.share)} ({_short(low)}-{_short(high)})"


def _short(share: float) -> str:
    text = f"{share:.3f}"
    return text[0] if text in {"0.000", "1.000"} else text


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (header, ["---"] * len(header), *rows)]


def _cell(cell: Cell) -> list[str]:
    return [
        *(cell.construction, cell.claim, cell.statistic, f"{cell.truth:.3f}", str(cell.n)),
        *(rate_text(cell.false_support), rate_text(cell.false_refute)),
        *(rate_text(cell.near_support), rate_text(cell.near_refute)),
        *(rate_text(cell.undecided_true), rate_text(cell.undecided_false)),
        *(f"{cell.student_support.share:.3f}", f"{cell.student_refute.share:.3f}"),
    ]


def _session(cell: SessionCell) -> list[str]:
    rates = (cell.any_wrong, cell.unshared, cell.student)
    return [cell.construction, str(cell.n), *map(rate_text, rates)]


def _adaptive(cell: AdaptiveCell) -> list[str]:
    rates = (cell.false_support, cell.false_refute, cell.student_support, cell.student_refute)
    return [cell.construction, cell.claim, *map(rate_text, rates)]


def _blocks(cell: BlocksCell) -> list[str]:
    rates = map(rate_text, (cell.false_support, cell.false_refute, cell.right))
    return [cell.construction, cell.claim, cell.question, *rates]


def _bootstrap(cell: BootstrapCell) -> list[str]:
    rates = map(rate_text, (cell.false_support, cell.false_refute))
    return [cell.construction, cell.claim, str(cell.n), *rates]


def _collapse(cell: CollapseCell) -> list[str]:
    shares = map(rate_text, (cell.supported, cell.refuted))
    return [cell.claim, cell.limit, f"{cell.defined:.3f}", str(cell.n), *shares]


def _listed(pairs: Sequence[tuple[str, str]]) -> str:
    by_construction: dict[str, list[str]] = {}
    for construction, claim in pairs:
        by_construction.setdefault(construction, []).append(claim)
    return "; ".join(f"{name}: {', '.join(claims)}" for name, claims in by_construction.items())
