"""All constructions, measured and judged on thousands of samples."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace

import numpy as np

from attnaudit.calibration.adaptive import measure_adaptive
from attnaudit.calibration.blocks import measure_blocks
from attnaudit.calibration.bootstrap import measure_bootstrap
from attnaudit.calibration.cells import LEVEL, Cell
from attnaudit.calibration.collapse import measure_collapse
from attnaudit.calibration.draws import draw
from attnaudit.calibration.error_rates import measure_cells
from attnaudit.calibration.population import Population, calibrated_claims, measure_population
from attnaudit.calibration.questions import evidence_of, is_constant, is_open
from attnaudit.calibration.record import Calibration, Settings
from attnaudit.calibration.session import measure_sessions
from attnaudit.errors import UsageError
from attnaudit.models.planted import Construction, constructions, mixtures


def calibrated_constructions() -> tuple[Construction, ...]:
    """All that are calibrated: the pure ones, then the mixtures."""
    return constructions() + mixtures()


def calibrate(
    names: Sequence[str] = (),
    *,
    settings: Settings | None = None,
    processes: int = 1,
    finished: Callable[[str], object] = lambda _: None,
) -> Calibration:
    """Measure how often verdicts are wrong.

    Args:
        names: Constructions; all if none is named.
        settings: What is drawn, and how often.
        processes: How many constructions are worked on at a time. Changes no result.
        finished: Is told the name of every construction that is done.

    Returns:
        The rates, in the order of the constructions.

    Raises:
        UsageError: If a construction is not known, or a number is too small.
        InternalError: If `judge` comes to another verdict than the calibration.
    """
    chosen = settings or Settings()
    order = _checked(names, chosen, processes)
    parts = dict(_each(order, chosen, processes, finished))
    together = sum((parts[name] for name in order), Calibration())
    return replace(together, whole=len(order) == len(calibrated_constructions()))


def calibrate_one(name: str, settings: Settings) -> Calibration:
    """One construction."""
    known = [one.name for one in calibrated_constructions()]
    place = known.index(name)
    population = measure_population(
        calibrated_constructions()[place],
        calibrated_claims(),
        size=settings.documents,
        seed=settings.seed,
    )
    # The same whichever other constructions are asked for.
    generator = np.random.default_rng([settings.seed, place])
    return calibrate_population(population, settings, generator)


def calibrate_population(
    population: Population, settings: Settings, generator: np.random.Generator
) -> Calibration:
    """What has been measured, judged on samples of every size."""
    draws = [
        draw(population=population.size, n=n, samples=settings.samples, generator=generator)
        for n in settings.sizes
    ]
    cells: list[Cell] = []
    left: dict[str, list[tuple[str, str]]] = {"constant": [], "open": [], "tied": []}
    for claim in population.claims:
        evidence = evidence_of(claim, population)
        found: list[Cell] = []
        if is_open(evidence):
            reason = "open"
        elif is_constant(claim, evidence):
            reason = "constant"
        else:
            reason = "tied"
            found = measure_cells(claim, population, draws, judged=settings.judged)
        if found:
            cells += found
        else:
            left[reason].append((population.construction, claim.id))
    return Calibration(
        cells=tuple(cells),
        sessions=tuple(measure_sessions(population, draws)),
        adaptive=tuple(
            measure_adaptive(population, level=LEVEL, samples=settings.samples, generator=generator)
        ),
        bootstrap=tuple(measure_bootstrap(population, draws, level=LEVEL, generator=generator)),
        blocks=tuple(
            measure_blocks(
                population, level=LEVEL, replicates=settings.samples, generator=generator
            )
        ),
        collapse=tuple(measure_collapse(population, draws)),
        constant=tuple(left["constant"]),
        open=tuple(left["open"]),
        tied=tuple(left["tied"]),
    )


def _checked(names: Sequence[str], settings: Settings, processes: int) -> tuple[str, ...]:
    known = tuple(one.name for one in calibrated_constructions())
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise UsageError(f"no construction is called {unknown[0]!r}; choose of {', '.join(known)}")
    if settings.documents < 2 or settings.documents % 2:
        raise UsageError(
            f"the number of documents must be even, so that a median can be exact, and at least 2; "
            f"it is {settings.documents}"
        )
    if settings.samples < 1 or processes < 1:
        raise UsageError(
            f"there must be at least one replicate and one process; asked for {settings.samples} "
            f"and {processes}"
        )
    return tuple(name for name in known if not names or name in names)


def _each(
    names: Sequence[str],
    settings: Settings,
    processes: int,
    finished: Callable[[str], object],
) -> Iterator[tuple[str, Calibration]]:
    if processes == 1:
        for name in names:
            yield name, calibrate_one(name, settings)
            finished(name)
        return
    # Fresh processes: torch does not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        waiting = {pool.submit(calibrate_one, name, settings): name for name in names}
        for done in as_completed(waiting):
            yield waiting[done], done.result()
            finished(waiting[done])
