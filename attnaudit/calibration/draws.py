"""Documents of a population drawn again, as often as error rates ask for."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# So many samples are counted at a time: counting all at once would fill the memory.
_COUNTED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Draws:
    """Samples of equal size, drawn with replacement.

    Attributes:
        index: [samples n] positions in the population, in the order in which they were drawn.
        counts: [samples documents] how often each document of the population was drawn.
    """

    index: NDArray[np.intp]
    counts: NDArray[np.float64]

    @property
    def n(self) -> int:
        """Documents of a sample."""
        return int(self.index.shape[1])

    @property
    def samples(self) -> int:
        """How many there are."""
        return len(self.index)

    def first(self, n: int) -> "Draws":
        """The samples as they were after the first n documents."""
        return counted(self.index[:, :n], population=self.counts.shape[1])


def draw(*, population: int, n: int, samples: int, generator: np.random.Generator) -> Draws:
    """Draw samples of n documents from a population of so many."""
    return counted(generator.integers(population, size=(samples, n)), population=population)


def counted(index: NDArray[np.intp], *, population: int) -> Draws:
    """Samples that are already drawn, from a population of so many."""
    parts = []
    for start in range(0, len(index), _COUNTED_AT_ONCE):
        part = index[start : start + _COUNTED_AT_ONCE]
        place = part + population * np.arange(len(part))[:, None]
        counts = np.bincount(place.ravel(), minlength=population * len(part))
        parts.append(counts.reshape(len(part), population).astype(np.float64))
    return Draws(index, np.concatenate(parts))
