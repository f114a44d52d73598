"""The section of one task: its tables in the shape of the paper's."""

from collections.abc import Iterator

from attnaudit.reproduction.cells import Cell
from attnaudit.reproduction.comparable import why_not_comparable
from attnaudit.reproduction.formats import (
    ENCODERS,
    NOTHING,
    beside,
    difference,
    group_name,
    number,
    published,
    table,
    without_spread,
)
from attnaudit.reproduction.sheet import Sheet
from attnaudit.reproduction.statistics import ALL, CORRELATIONS
from attnaudit.reproduction.tasks import Task
from attnaudit.statistics.weight_bins import BIN_NAMES

_NEARLY_ALL = 0.8
"""Share of the train documents that must be there; the rest may be a dev split."""
_HEADS = {
    "tau-gradient": "τ gradient",
    "tau-leave-one-out": "τ leave-one-out",
    "tau-gradient-leave-one-out": "τ gradient, leave-one-out",
}


def figure_place(task: Task) -> str:
    """Where the figure of a task lies, from the folder of the sheet."""
    return f"figures/reproduction-{task.name}.svg"


def section_lines(sheet: Sheet, task: Task) -> Iterator[str]:
    """Everything the sheet says of one task.

    Args:
        sheet: The numbers.
        task: One that has cells.
    """
    rows = [
        (f"{ENCODERS[encoder]}, {attention}", group, cells)
        for (name, encoder, attention, group), cells in sheet.by_row().items()
        if name == task.name
    ]
    yield f"## {task.title}"
    yield ""
    yield from _introduction(sheet, task)
    yield ""
    yield f"![Correlations, shuffled and distant attention of {task.title}]({figure_place(task)})"
    yield ""
    yield from table(
        ("model", "accuracy", "published", "difference"),
        (
            (model, *_compared(cells["model:accuracy"]))
            for model, group, cells in rows
            if group == ALL
        ),
    )
    yield ""
    yield "Kendall's τ, mean ± deviation over documents, and the share of p-values up to 0.05:"
    yield ""
    heads = [head for name in CORRELATIONS for head in (_HEADS[name], "published", "difference")]
    yield from table(
        ("model", "group", "documents", *heads, "undefined, most of the three"),
        (
            (
                model,
                group_name(task, group),
                _count(cells),
                *_correlations(cells),
                _undefined(cells),
            )
            for model, group, cells in rows
        ),
    )
    yield ""
    yield (
        "Median change of the output under shuffled attention, by the largest attention weight, "
        "here / published (difference):"
    )
    yield ""
    yield from table(
        ("model", "group", *BIN_NAMES),
        (
            (
                model,
                group_name(task, group),
                *(beside(cells[f"permutation:bin-{n}"]) for n, _ in enumerate(BIN_NAMES, start=1)),
            )
            for model, group, cells in rows
        ),
    )
    yield ""
    yield (
        "Divergence of the farthest attention with the same output, to within 0.05 of total "
        "variation distance, in nats, here / published (difference):"
    )
    yield ""
    yield from table(
        ("model", "group", "search, mean", "search, median", "solved, mean", "solved, median"),
        (
            (
                model,
                group_name(task, group),
                beside(cells["search:mean"]),
                beside(cells["search:median"]),
                number(cells["exact:mean"]),
                number(cells["exact:median"]),
            )
            for model, group, cells in rows
        ),
    )


def _introduction(sheet: Sheet, task: Task) -> Iterator[str]:
    prepared = sheet.prepared[task.name]
    counts = ", ".join(f"{number} {split}" for split, number in prepared.counts.items())
    dropped = sum(prepared.left_out.values())
    asked = sheet.request.number_of_seeds(task.name)
    done = min(len(cell.seeds) for cell in sheet.cells if cell.task == task.name)
    yield (
        f"Documents: {counts}; {dropped} left out for their length. "
        f"{done} of {asked} training{'s' if asked > 1 else ''} of each model."
    )
    at_hand = prepared.counts.get("train", 0)
    if task.train_count is not None and at_hand < task.train_count * _NEARLY_ALL:
        yield (
            f"The published models learned from {task.train_count} documents and these from "
            f"{at_hand}, so differences are not of training alone."
        )
    if not sheet.comparable[task.name]:
        yield why_not_comparable(task, prepared)


def _correlations(cells: dict[str, Cell]) -> Iterator[str]:
    for name in CORRELATIONS:
        three = [cells[f"{name}:{one}"] for one in ("mean", "std", "significant")]
        yield "{} ± {} ({})".format(number(three[0]), *map(without_spread, three[1:]))
        theirs = [published(cell) for cell in three]
        yield NOTHING if theirs[0] == NOTHING else "{} ± {} ({})".format(*theirs)
        yield difference(three[0])


def _compared(cell: Cell) -> tuple[str, str, str]:
    return number(cell), published(cell), difference(cell)


def _undefined(cells: dict[str, Cell]) -> str:
    worst = max(cells[f"{name}:undefined"].mean for name in CORRELATIONS)
    return f"{worst:.3g}"


def _count(cells: dict[str, Cell]) -> str:
    return f"{cells['documents:count'].mean:.4g}"
