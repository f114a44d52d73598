"""attnaudit calibrate: how often verdicts are wrong."""

from pathlib import Path
from typing import Annotated

import typer

from attnaudit.cli.gates import FAILED
from attnaudit.errors import UsageError
from attnaudit.runs.stored import open_run


def calibrate(
    *,
    seed: Annotated[int, typer.Option(help="Seed of documents and samples.")] = 0,
    replicates: Annotated[int, typer.Option(help="Samples of each size.")] = 4_000,
    documents: Annotated[
        int, typer.Option(help="Documents of each construction, an even number.")
    ] = 2_000,
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
    draws: Annotated[int, typer.Option(help="With --run: samples of 20 for each claim.")] = 200,
    processes: Annotated[int, typer.Option(help="Constructions worked on at a time.")] = 2,
    out: Annotated[Path | None, typer.Option(help="Write the tables to this file too.")] = None,
) -> None:
    """Measure how often verdicts are wrong, on models whose truth is known."""
    _check_writable(out)
    if run:
        lines, passed = _predictions(run, draws=draws, seed=seed)
    else:
        lines, passed = _error_rates(
            construction or [], documents, replicates, seed=seed, processes=processes
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
    return prediction_lines(found), held_share(found) >= FEWEST_HELD


def _check_writable(out: Path | None) -> None:
    """Minutes of work should not end in a file that cannot be written."""
    if out is not None and (out.is_dir() or not out.parent.is_dir()):
        raise UsageError(f"--out {out} is not a file in a folder that exists; name another")
