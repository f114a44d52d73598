"""Documents that are not draws of their own: those of one author or thread are one draw together.

What is drawn is then a cluster, and its value is the mean over its documents. Clusters weigh alike
however many documents they have, so a claim is about a document drawn from a cluster drawn at
random.
"""

import bisect
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from attnaudit.claims import Claim
from attnaudit.errors import UsageError
from attnaudit.records import CLUSTER, Measurement
from attnaudit.statistics import log_capital_above

# Weights are reciprocals of counts: shares of one half are equal to it up to rounding.
_ROUNDING = 1e-12


def find_clusters(claim: Claim, measurement: Measurement) -> NDArray[np.intp] | None:
    """The cluster of every document, by a number; one that names none is a cluster of its own.

    Args:
        claim: Where it is about these documents, nothing stands for anything else and clusters
            play no part.
        measurement: Its grouping "cluster" names them.

    Returns:
        [documents], or None if each document is a draw of its own.

    Raises:
        UsageError: If a claim about these documents would rest on a part of them that was drawn by
            cluster: how the others differ from it is then not known.
    """
    names = measurement.groups.get(CLUSTER, ())
    if all(name is None for name in names):
        return None
    if claim.target == "population":
        return _numbered(names)
    draw = measurement.draw
    if draw is not None and draw.drawn < draw.population:
        raise UsageError(
            f"claim {claim.id} is about these documents, and {draw.drawn} of {draw.population} "
            "were drawn, by cluster; audit all of them, or name no column for cluster"
        )
    return None


def cluster_means(
    values: NDArray[np.float64], clusters: NDArray[np.intp] | None
) -> NDArray[np.float64]:
    """The mean over the documents of each cluster, exact in its order and in that of documents.

    Args:
        values: [documents].
        clusters: [documents] number of each one's cluster; None leaves the values as they are.

    Returns:
        [clusters] in the order of their numbers, within the range of the values.
    """
    if clusters is None:
        return values
    # Sums depend on the last bit on what is added first, so that is made the least value.
    order = np.lexsort((values, clusters))
    _, places = np.unique(clusters[order], return_inverse=True)
    means: NDArray[np.float64] = np.bincount(places, weights=values[order]) / np.bincount(places)
    return means


def clustered_median(values: NDArray[np.float64], clusters: NDArray[np.intp]) -> float:
    """The median where all clusters weigh alike; halfway between the two if there are two.

    Args:
        values: [documents], at least one.
        clusters: [documents] number of each one's cluster.
    """
    _, places, sizes = np.unique(clusters, return_inverse=True, return_counts=True)
    order = np.argsort(values)
    below = np.cumsum((1 / sizes[places])[order])
    half = below[-1] / 2
    lower = np.searchsorted(below, half * (1 - _ROUNDING))
    upper = np.searchsorted(below, half * (1 + _ROUNDING), side="right")
    return float(values[order][[lower, upper]].mean())


def clustered_median_lower_bound(
    values: NDArray[np.float64], clusters: NDArray[np.intp], *, level: float, least: float
) -> float:
    r"""The largest value c that "$P(X \ge c) \le 1/2$" is rejected for, by betting on clusters.

    The share of a cluster's documents from c upwards is a bounded value of the cluster.

    Args:
        values: [documents], finite.
        clusters: [documents] number of each one's cluster; clusters are exchangeable draws.
        level: Probability, at most, that the bound lies above the median.
        least: What is returned if nothing is rejected.

    Returns:
        One of the values, or `least`.
    """
    candidates: list[float] = np.unique(values).tolist()

    def open_at(value: float) -> bool:
        shares = cluster_means((values >= value).astype(np.float64), clusters)
        return log_capital_above(shares, 0.5) < -math.log(level)

    # Fewer documents lie above a larger value, so rejected are the first so many.
    rejected = bisect.bisect_left(candidates, True, key=open_at)
    return candidates[rejected - 1] if rejected else least


def clustered_median_upper_bound(
    values: NDArray[np.float64], clusters: NDArray[np.intp], *, level: float, greatest: float
) -> float:
    """The mirror image of `clustered_median_lower_bound`.

    Args:
        values: [documents], finite.
        clusters: [documents] number of each one's cluster; clusters are exchangeable draws.
        level: Probability, at most, that the bound lies below the median.
        greatest: What is returned if nothing is rejected.

    Returns:
        One of the values, or `greatest`.
    """
    return -clustered_median_lower_bound(-values, clusters, level=level, least=-greatest)


def _numbered(names: Sequence[str | None]) -> NDArray[np.intp]:
    numbers: dict[str, int] = {}
    # Alone is told from named by its sign.
    return np.array(
        [
            -1 - place if name is None else numbers.setdefault(name, len(numbers))
            for place, name in enumerate(names)
        ],
        dtype=np.intp,
    )
