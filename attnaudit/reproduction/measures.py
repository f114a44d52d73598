"""What is measured of every document of a model, as rows for the store."""

from collections.abc import Callable, Sequence
from functools import partial

from attnaudit.measurements.importance import gradient_importance, leave_one_out_importance
from attnaudit.measurements.permutation import median_changes
from attnaudit.measurements.rows import exact_row
from attnaudit.metrics import kendall_tau
from attnaudit.models.protocol import AttentionModel, Batch
from attnaudit.records import ValueRow
from attnaudit.reproduction.distant import farthest, searched

DRAWS = 100
"""Shuffles of the attention of each document."""

Measure = Callable[[Batch], Sequence[ValueRow]]


def measures_of(model: AttentionModel, *, site: str, seed: int) -> dict[str, Measure]:
    """The measures of every document, by the name of the table they fill.

    Args:
        model: The model.
        site: Attention site.
        seed: Seeds what is random in a measure.
    """
    return {
        "agreement": partial(three_agreements, model, site=site),
        "permutation": partial(shuffled, model, site=site, seed=seed),
        "search": partial(searched, model, site=site, seed=seed),
        "exact": partial(farthest, model, site=site, seed=seed),
    }


def three_agreements(model: AttentionModel, batch: Batch, *, site: str) -> tuple[ValueRow, ...]:
    """Kendall's tau-b of each pair among attention, gradient and leave-one-out, with its p-value.

    Quantities "tau-gradient", "tau-leave-one-out" and "tau-gradient-leave-one-out" in [-1, 1], and
    each with "p-value" in the place of "tau" in [0, 1].

    Source:
        Jain & Wallace (2019), section 4.1 and algorithm 1.
    """
    [attended] = model.attend(batch, sites=[site])
    attention = attended.attention
    gradient = gradient_importance(model, batch)
    deleted = leave_one_out_importance(model, batch, attended.probabilities)
    rows: list[ValueRow] = []
    for name, first, second, sides in (
        ("gradient", attention, gradient, ("attention", "gradient")),
        ("leave-one-out", attention, deleted, ("attention", "leave-one-out")),
        ("gradient-leave-one-out", gradient, deleted, ("gradient", "leave-one-out")),
    ):
        found = kendall_tau(first, second, attended.mask, names=sides)
        for quantity, numbers in (("tau", found.statistic), ("p-value", found.pvalue)):
            rows.extend(
                exact_row(unit, f"{quantity}-{name}", float(number), undefined=cause)
                for unit, number, cause in zip(
                    attended.units, numbers, found.undefined, strict=True
                )
            )
    return tuple(rows)


def shuffled(model: AttentionModel, batch: Batch, *, site: str, seed: int) -> tuple[ValueRow, ...]:
    """Quantity "tvd": the median change of the output under shuffled attention, in [0, 1]."""
    [attended] = model.attend(batch, sites=[site])
    changes = median_changes(attended, draws=DRAWS, seed=seed)
    return tuple(
        exact_row(unit, "tvd", change) for unit, change in zip(attended.units, changes, strict=True)
    )
