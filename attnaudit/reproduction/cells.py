"""One number of the sheet over several trainings, beside the published one. Needs no torch."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from attnaudit.reproduction.published import Key, published_values, resolution
from attnaudit.reproduction.request import Training

_CONFIDENCE = 0.95


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One statistic of one model and group.

    Attributes:
        task: Name of the task.
        encoder: Name of the encoder.
        attention: Name of the attention.
        group: "all", the published number of a predicted class, or "label-" and that of a gold one.
        quantity: As in published.csv.
        seeds: The value of each training, in the order of the seeds; NaN where undefined.
        published: The published value of one training, NaN if it is undefined, None if there is
            none.
        comparable: Whether the published value is of the same test documents, prepared alike.
    """

    task: str
    encoder: str
    attention: str
    group: str
    quantity: str
    seeds: tuple[float, ...]
    published: float | None
    comparable: bool

    @property
    def mean(self) -> float:
        """Mean over trainings; NaN if one of them is undefined."""
        return float(np.mean(self.seeds))

    @property
    def spread(self) -> float | None:
        """Standard deviation over trainings, of at least two."""
        return float(np.std(self.seeds, ddof=1)) if len(self.seeds) > 1 else None

    @property
    def difference(self) -> float | None:
        """Mean minus published value, where both are defined."""
        if self.published is None or math.isnan(self.published) or math.isnan(self.mean):
            return None
        return self.mean - self.published

    @property
    def limit(self) -> float | None:
        """By how much a further training, published to so many places, may differ at 95 %."""
        if self.spread is None or math.isnan(self.spread):
            return None
        return prediction_factor(len(self.seeds)) * self.spread + resolution(self.quantity)

    @property
    def excess(self) -> float | None:
        """How far beyond the limit the difference is; None where nothing can be compared."""
        if self.difference is None or self.limit is None or not self.comparable:
            return None
        return abs(self.difference) - self.limit

    @property
    def compared(self) -> bool:
        """Whether there is a published value of the same test documents, and a limit."""
        return self.excess is not None

    @property
    def marked(self) -> bool:
        """Whether the difference is more than chance among trainings, and reading, explains."""
        return self.excess is not None and self.excess > 0


def prediction_factor(seeds: int) -> float:
    r"""$t_{S - 1,\, 0.975} \sqrt{1 + 1/S}$: spreads between a further training and the mean of S.

    Source:
        The prediction interval of a normal sample; the published value is one more training.

    Example:
        >>> round(prediction_factor(3), 2), round(prediction_factor(5), 2)
        (4.97, 3.04)
    """
    quantile = float(stats.t.ppf((1 + _CONFIDENCE) / 2, seeds - 1))
    return quantile * math.sqrt(1 + 1 / seeds)


def gather_cells(
    models: Sequence[tuple[Training, Mapping[tuple[str, str], float]]],
    *,
    comparable: Mapping[str, bool],
) -> Iterator[Cell]:
    """The cells of all models, trainings that differ in their seed alone put together.

    Args:
        models: Trainings with their statistics by group and quantity.
        comparable: Task name to whether its documents are those of the paper.
    """
    found: dict[Key, list[tuple[int, float]]] = {}
    for training, statistics in models:
        for (group, quantity), value in statistics.items():
            key = (training.task.name, training.encoder, training.attention, group, quantity)
            found.setdefault(key, []).append((training.seed, value))
    for (task, encoder, attention, group, quantity), values in found.items():
        yield Cell(
            task=task,
            encoder=encoder,
            attention=attention,
            group=group,
            quantity=quantity,
            seeds=tuple(value for _, value in sorted(values)),
            published=published_values().get((task, encoder, attention, group, quantity)),
            comparable=comparable[task],
        )
