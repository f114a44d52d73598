"""Does attention rank the words as an importance does? Kendall's tau-b per document."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from jaxtyping import Float
from torch import Tensor

from attnaudit.claims import Importance
from attnaudit.errors import NotDifferentiableError
from attnaudit.measurements.importance import RememberedImportances, named_importance
from attnaudit.measurements.random_attention import NO_COUNTERPART, UntrainedModels
from attnaudit.measurements.rows import exact_row, rows_beside_null
from attnaudit.metrics import kendall_tau
from attnaudit.models.protocol import Attended, AttentionModel, Batch
from attnaudit.records import ValueRow

_NO_GRADIENT = "no gradient of the output"
_ONE_OUT = frozenset({"leave-one-out", "mask-one-out"})
"""Importances that ask what the output is without a word."""


def agreement(
    model: AttentionModel,
    batch: Batch,
    *,
    site: str,
    importance: Importance,
    steps: int | None = None,
    untrained: UntrainedModels | None = None,
    remembered: RememberedImportances | None = None,
) -> tuple[ValueRow, ...]:
    """How alike attention and an importance rank the words of each document.

    * "tau" in [-1, 1], with the importance of every word, and "p-value" in [0, 1].
    * "tau-null" in [-1, 1]: tau between the importance and the attention of one of the `untrained`
      models on the same document, that is what its length and the frequency and the place of its
      words account for. Documents are shared out among those models by a hash of their ids, so the
      mean over documents is over all of the models. "tau-above-null" in [-2, 2] is tau minus that.
    * "tau-ceiling" in [-1, 1], with "leave-one-out" and "mask-one-out" only, where a gradient costs
      little beside: tau between that importance and "gradient". Attention can hardly agree with an
      importance better than another importance does.

    Shuffling the model's own attention would be no null: its tau is 0 on average whatever the
    documents.

    Args:
        model: The model.
        batch: Documents.
        site: Attention site.
        importance: What attention is compared with.
        steps: Nodes of the integration, with "integrated-gradients" and no other.
        untrained: The models of the null, which cost one forward pass together. Without any, the
            null is undefined.
        remembered: Importances of this model on these documents that need not be computed again.

    Raises:
        InvalidArgumentError: If `steps` is missing where it is needed, or given where it is not.
        NotDifferentiableError: If a gradient is asked of probabilities that have none.
        UsageError: If "mask-one-out" is asked of a model that masks no words.

    Source:
        Jain & Wallace (2019), section 4.1, with "gradient" and "leave-one-out".
    """
    [attended] = model.attend(batch, sites=[site])
    measure = remembered or named_importance
    scores = measure(importance, model, batch, attended, steps=steps)
    random = None
    if untrained is not None:
        [random] = untrained.attentions(batch, site=site, count=1)
    rows = tuple(_agreement(attended, scores, random))
    if importance not in _ONE_OUT:
        return rows
    gradient = partial(measure, "gradient", model, batch, attended)
    return (*rows, *_ceiling(attended, scores, gradient, importance=importance))


def _agreement(
    attended: Attended,
    scores: Float[Tensor, "batch tokens"],
    random: Float[Tensor, "batch tokens"] | None,
) -> Iterator[ValueRow]:
    own = kendall_tau(attended.attention, scores, attended.mask, names=("attention", "importance"))
    nulls = [math.nan] * len(attended.units)
    causes: Sequence[str | None] = [NO_COUNTERPART] * len(attended.units)
    if random is not None:
        found = kendall_tau(
            random, scores, attended.mask, names=("attention of random weights", "importance")
        )
        nulls, causes = found.statistic.tolist(), found.undefined
    for unit, words, tau, pvalue, cause, null, null_cause in zip(
        attended.units,
        _words(scores, attended),
        own.statistic.tolist(),
        own.pvalue.tolist(),
        own.undefined,
        nulls,
        causes,
        strict=True,
    ):
        row, *beside = rows_beside_null(
            unit, "tau", tau, null, undefined=cause, null_undefined=null_cause
        )
        yield replace(row, importance=words)
        yield from beside
        yield exact_row(unit, "p-value", pvalue, undefined=cause)


def _words(
    scores: Float[Tensor, "batch tokens"], attended: Attended
) -> Iterator[tuple[float, ...]]:
    for one, length in zip(scores, attended.mask.sum(dim=1).tolist(), strict=True):
        yield tuple(one[:length].tolist())


def _ceiling(
    attended: Attended,
    scores: Float[Tensor, "batch tokens"],
    measure_gradient: Callable[[], Float[Tensor, "batch tokens"]],
    *,
    importance: Importance,
) -> Iterator[ValueRow]:
    try:
        gradient = measure_gradient()
    except NotDifferentiableError:
        # Leaving words out needs no gradient, so a model without one can be asked for it.
        for unit in attended.units:
            yield exact_row(unit, "tau-ceiling", math.nan, undefined=_NO_GRADIENT)
        return
    found = kendall_tau(scores, gradient, attended.mask, names=(importance, "gradient"))
    for unit, tau, cause in zip(
        attended.units, found.statistic.tolist(), found.undefined, strict=True
    ):
        yield exact_row(unit, "tau-ceiling", tau, undefined=cause)
