"""A share of replicates, and how well so many replicates determine it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats


@dataclass(frozen=True, slots=True)
class Rate:
    """How many replicates something happened in.

    Attributes:
        count: Replicates in which it did.
        total: All replicates, at least 1.
    """

    count: int
    total: int

    @classmethod
    def of(cls, happened: NDArray[np.bool_]) -> "Rate":
        """The rate of what happened in some of the replicates."""
        return cls(int(happened.sum()), len(happened))

    @property
    def share(self) -> float:
        """In [0, 1]."""
        return self.count / self.total

    @property
    def interval(self) -> tuple[float, float]:
        """The probability of it, with 95 % confidence.

        Source:
            Clopper & Pearson (1934).
        """
        found = stats.binomtest(self.count, self.total).proportion_ci(0.95, method="exact")
        return float(found.low), float(found.high)

    def exceeds(self, nominal: float, *, level: float) -> bool:
        """Whether its probability is proved to be above `nominal`.

        Args:
            nominal: A probability.
            level: Probability, at most, that this is said of a probability of `nominal` or less.
        """
        test = stats.binomtest(self.count, self.total, nominal, alternative="greater")
        return bool(test.pvalue <= level)
