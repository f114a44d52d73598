"""attnaudit calibrate: how often verdicts are wrong."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from attnaudit.cli.gates import FAILED
from attnaudit.errors import UsageError
from attnaudit.runs.stored import open_run

# Defaults are told apart from numbers that are given where they have no effect.
_REPLICATES, _DOCUMENTS = 4_000, 2_000
_DRAWS = 200
_PROCESSES = 2


def calibrate(
    *,
    seed: Annotated[int, typer.Option(help="Seed of documents and samples.")] = 0,
    replicates: Annotated[
        int | None, typer.Option(help="Samples of each size.  [default: 4000]")
    ] = None,
    documents: Annotated[
        int | None,
        typer.Option(help="Documents of each construction, an even number.  [default: 2000]"),
    ] = None,
    construction: Annotated[
        list[str] | None,
        typer.Option(help="A construction to calibrate on; may be repeated.  [default: all]"),
    ] = None,
    run: Annotated[
        list[Path] | None,
        typer.Option(
            help="Instead, see how well the documents still needed are predicted from 20 of those "
            "of this run; may be repeated."
        ),
    ] = None,
    draws: Annotated[
        int | None,
        typer.Option(help="With --run: samples of 20 for each claim.  [default: 200]"),
    ] = None,
    processes: Annotated[
        int | None, typer.Option(help="Constructions worked on at a time.  [default: 2]")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the tables to this file too.")] = None,
) -> None:
    """Measure how often verdicts are wrong, on models whose truth is known."""
    _check_writable(out)
    if run:
        _check_absent(
            {
                "--replicates": replicates,
                "--documents": documents,
                "--construction": construction or None,
                "--processes": processes,
            },
            "has no effect with --run, which calibrates no construction",
        )
        lines, passed = _predictions(run, draws=_DRAWS if draws is None else draws, seed=seed)
    else:
        _check_absent({"--draws": draws}, "has no effect without --run")
        lines, passed = _error_rates(
            construction or [],
            _DOCUMENTS if documents is None else documents,
            _REPLICATES if replicates is None else replicates,
            seed=seed,
            processes=_PROCESSES if processes is None else processes,
        )
    for line in lines:
        typer.echo(line)
    if out is not None:
        out.write_text("\n".join([*lines, ""]), "utf-8")
    if not passed:
        raise typer.Exit(FAILED)


def _error_rates(
    names: list[str], documents: int, samples: int, *, seed: int, processes: int
) -> tuple[list[str], bool]:
    # They import torch.
    from attnaudit.calibration import (  # noqa: PLC0415
        Settings,
        calibrate,
        calibration_lines,
        failures,
    )

    settings = Settings(seed=seed, documents=documents, samples=samples)
    measured = calibrate(
        names,
        settings=settings,
        processes=processes,
        finished=lambda name: typer.echo(f"done: {name}", err=True),
    )
    return calibration_lines(measured, settings), not failures(measured)


def _predictions(runs: list[Path], *, draws: int, seed: int) -> tuple[list[str], bool]:
    import numpy as np  # noqa: PLC0415

    from attnaudit.calibration import (  # noqa: PLC0415  # it imports torch
        FEWEST_HELD,
        held_share,
        prediction_lines,
        predictions_of,
    )

    if draws < 1:
        raise UsageError(f"--draws must be at least 1, not {draws}")
    generator = np.random.default_rng(seed)
    found = [
        prediction
        for path in runs
        for prediction in predictions_of(open_run(path), draws=draws, generator=generator)
    ]
    share = held_share(found)
    return prediction_lines(found), share is not None and share >= FEWEST_HELD


def _check_absent(given: Mapping[str, object], why: str) -> None:
    for option, value in given.items():
        if value is not None:
            raise UsageError(f"{option} {why}; leave it out")


def _check_writable(out: Path | None) -> None:
    """Minutes of work should not end in a file that cannot be written."""
    if out is not None and (out.is_dir() or not out.parent.is_dir()):
        raise UsageError(f"--out {out} is not a file in a folder that exists; name another")
