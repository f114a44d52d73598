"""What a comparison says of a model and itself, of other seeds, and of attention forced uniform.

    python benchmarks/releases.py [--limit N] [--reports DIR] MODEL [OTHER ...]

prints a Markdown table for each comparison with MODEL: MODEL audited again in batches of seven,
every OTHER, and MODEL with the last vector of its attention's scorer set to zero, so that all
positions have one score. Every claim is compared at several margins, as CI would at its one. The
last table says how many documents a margin needs.
"""

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

import attnaudit
from attnaudit.claims import load_claims
from attnaudit.models import load_model, open_model, save_model
from attnaudit.reports.numbers import shown
from attnaudit.runs.compared import compare_runs, overall_rows
from attnaudit.runs.plan import Request, make_plan
from attnaudit.runs.stored import StoredRun, open_run
from attnaudit.statistics import lower_bound
from attnaudit.verdicts import direction_level
from attnaudit.verdicts.change import ClaimChange

CLAIMS = Path(__file__).with_suffix(".toml")
MARGINS = (0.02, 0.05, 0.1, 0.2, 0.5)
SHARES = (0.005, 0.01, 0.02, 0.05, 0.1)
ROWS = {"1 claim, 1 row": 1, "7 claims, 1 row each": 7, "7 claims, 3 rows each": 21}


def force_uniform(source: Path, target: Path) -> None:
    """Write a copy of a model directory whose attention is the same at every position."""
    model = load_model(source)
    model.network.get_parameter("attention.vector.weight").zero_()
    shutil.copytree(source, target)
    save_model(model, target)


def audit(
    model: str, report: Path, *, limit: int | None = None, batch_size: int | None = None
) -> StoredRun:
    """Audit a model directory on its own documents, through the door that users have."""
    request = Request(models=(model,), claims=CLAIMS, limit=limit)
    [subject] = make_plan(request).subjects
    attnaudit.audit(
        open_model(model),
        subject.documents,
        subject.claims,
        name=subject.name,
        batch_size=batch_size,
        report=report,
    )
    return open_run(report)


def changes_at(old: StoredRun, new: StoredRun, *, margin: float) -> tuple[ClaimChange, ...]:
    """What became of every claim if a difference of `margin` is what counts."""
    claims = load_claims(CLAIMS)
    with_margin = tuple(claim.model_copy(update={"margin": margin}) for claim in claims.claims)
    [entry] = new.run.models
    chosen = {entry.name: replace(claims, claims=with_margin)}
    return compare_runs(old, new, claims=chosen, former=overall_rows(old.run)).claims


def table_of(old: StoredRun, new: StoredRun) -> Iterator[str]:
    """A Markdown table of one comparison, and why nothing can have changed where that is known."""
    found = [changes_at(old, new, margin=margin) for margin in MARGINS]
    heads = ("claim", "old", "new", "difference", *(f"margin {margin}" for margin in MARGINS))
    yield from _heading(heads)
    for at_margins in zip(*found, strict=True):
        [row] = at_margins[0].rows
        statistics = (shown(None if np.isnan(one) else one) for one in (row.old, row.new))
        interval = f"{row.low:+.3f} to {row.high:+.3f}"
        outcomes = (claim.change.value for claim in at_margins)
        yield _line(at_margins[0].claim, *statistics, interval, *outcomes)
    reasons = dict.fromkeys(claim.reason for claim in found[0] if claim.reason)
    yield from (
        f"\n{reason}: {', '.join(claim.claim for claim in found[0] if claim.reason == reason)}"
        for reason in reasons
    )


def needed_table() -> Iterator[str]:
    """From how many documents on two runs of equal values are unchanged, by margin."""
    yield from _heading(("margin, of the range", *ROWS))
    for share in SHARES:
        yield _line(f"{share:g}", *(str(_needed(share, rows)) for rows in ROWS.values()))


def _needed(share: float, rows: int) -> int:
    few, many = 0, 1
    while not _is_within(many, share, rows):
        few, many = many, 2 * many
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if _is_within(middle, share, rows) else (middle, many)
    return many


def _is_within(count: int, share: float, rows: int) -> bool:
    # A difference of zero lies in the middle of all that are possible.
    return 2 * lower_bound(np.full(count, 0.5), level=direction_level(rows)) - 1 > -share


def _heading(cells: tuple[str, ...]) -> Iterator[str]:
    yield _line(*cells)
    yield "|---" * len(cells) + "|"


def _line(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _print(heading: str, lines: Iterator[str]) -> None:
    print("\n".join((f"### {heading}\n", *lines, "")), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("others", nargs="*", type=Path)
    parser.add_argument("--limit", type=int, help="documents to draw; all if not given")
    parser.add_argument("--reports", type=Path, help="keep the runs here, and go on with them")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        reports = options.reports or Path(scratch) / "reports"
        name = options.model.resolve().name
        uniform = Path(scratch) / f"{name}-uniform"
        force_uniform(options.model, uniform)
        old = audit(str(options.model), reports / name, limit=options.limit)
        again = audit(str(options.model), reports / "again", limit=options.limit, batch_size=7)
        _print(f"{name} audited again, in batches of seven", table_of(old, again))
        for other in (*options.others, uniform):
            new = audit(str(other), reports / other.resolve().name, limit=options.limit)
            _print(f"{other.resolve().name} against {name}", table_of(old, new))
    _print("Documents that a margin needs", needed_table())


if __name__ == "__main__":
    main()
