"""The paper's statistics of one model: by predicted class, and over all documents."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attnaudit.reproduction.tasks import MOST_CLASSES_BY_GROUP, Task
from attnaudit.reproduction.values import ModelValues
from attnaudit.statistics.weight_bins import FEWEST_IN_BIN, weight_bins

ALL = "all"
"""The group of all documents."""
BY_LABEL = "label-"
"""What the group of a gold class begins with, in front of the number of the class."""
CORRELATIONS = ("tau-gradient", "tau-leave-one-out", "tau-gradient-leave-one-out")
SIGNIFICANT = 0.05
"""A p-value up to this is significant."""


def groups_of(
    task: Task, values: ModelValues, *, as_published: bool
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """The groups of a sheet with their documents.

    The published code groups by predicted class, which chooses documents by the output that is
    explained. Unless asked to do only that, the groups by gold class are there too.

    Args:
        task: Says which classes there are, in the published order.
        values: Of one model.
        as_published: Leave the groups by gold class out.

    Yields:
        "all", then the number of each predicted class that the published files have, then
        "label-" and the number of each gold class.
    """
    yield ALL, np.ones(len(values.documents), dtype=bool)
    if not 0 < len(task.classes) <= MOST_CLASSES_BY_GROUP:
        return
    for number, name in enumerate(task.classes):
        yield str(number), values.predicted == name
    if not as_published:
        label = np.array([str(one) for one in values.label])
        for number, name in enumerate(task.classes):
            yield f"{BY_LABEL}{number}", label == name


def group_statistics(
    values: ModelValues, chosen: NDArray[np.bool_], *, as_published: bool
) -> dict[str, float]:
    """Every quantity of the sheet for some documents.

    A correlation is undefined where a side is constant. The published code lets one such document
    make the mean of its group undefined, and counts its p-value as not significant. Otherwise
    undefined correlations are left out of mean, deviation and share, and counted.

    Args:
        values: Of one model.
        chosen: [documents] which of them.
        as_published: Do as the published code does.

    Returns:
        Quantity to number, as in published.csv; NaN where there is none.
    """
    found = {"documents:count": float(chosen.sum())}
    for name in CORRELATIONS:
        tau = values.values[name][chosen]
        significant = values.values[name.replace("tau", "p-value")][chosen] <= SIGNIFICANT
        defined = ~np.isnan(tau)
        counted = np.ones_like(defined) if as_published else defined
        found |= {
            f"{name}:mean": _of(np.mean, tau[counted]),
            f"{name}:std": _of(np.std, tau[counted]),
            f"{name}:significant": _of(np.mean, significant[counted]),
            f"{name}:undefined": float((~defined).sum()),
        }
    changes, largest = values.values["permutation"][chosen], values.largest[chosen]
    for number, inside in enumerate(weight_bins(largest), start=1):
        enough = inside.sum() >= FEWEST_IN_BIN
        found[f"permutation:bin-{number}"] = float(np.median(changes[inside])) if enough else np.nan
    for name in ("search", "exact"):
        divergence = values.values[name][chosen]
        measured = divergence[~np.isnan(divergence)]
        found |= {
            f"{name}:mean": _of(np.mean, measured),
            f"{name}:median": _of(np.median, measured),
            f"{name}:count": float(measured.size),
        }
    return found


def model_statistics(
    task: Task, values: ModelValues, *, accuracy: float, as_published: bool
) -> Mapping[tuple[str, str], float]:
    """Group and quantity to number, for one model.

    Args:
        task: The model's task.
        values: What was measured.
        accuracy: On the test split.
        as_published: Group and count as the published code does.
    """
    found = {(ALL, "model:accuracy"): accuracy}
    for group, chosen in groups_of(task, values, as_published=as_published):
        for quantity, number in group_statistics(values, chosen, as_published=as_published).items():
            found[group, quantity] = number
    return found


def _of(
    statistic: Callable[..., np.floating[Any]], numbers: NDArray[np.float64] | NDArray[np.bool_]
) -> float:
    """A statistic of some numbers, NaN of none."""
    return float(statistic(numbers)) if numbers.size else np.nan
