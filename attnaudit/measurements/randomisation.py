"""Does attention depend on what the encoder has learnt? Draw its weights at random and compare."""

import math
from collections.abc import Iterator

from jaxtyping import Float
from torch import Tensor

from attnaudit.measurements.random_attention import NO_COUNTERPART, UntrainedModels
from attnaudit.measurements.rows import rows_beside_null
from attnaudit.metrics import jensen_shannon_divergence, kendall_tau
from attnaudit.models.protocol import Attended, AttentionModel, Batch
from attnaudit.records import ValueRow

_RANDOM = "attention of a random encoder"


def randomisation(
    model: AttentionModel, batch: Batch, *, site: str, untrained: UntrainedModels | None
) -> tuple[ValueRow, ...]:
    """How far attention is from that of the same model with an encoder that has learnt nothing.

    Embeddings, attention and head keep their weights; the encoder's are drawn at random, several
    times. Each document is read with one of these encoders, by a hash of its id, and with the next
    one for the null: a mean over documents is over all of them.

    * "divergence" in [0, ln 2] nats: Jensen-Shannon divergence between the model's attention and
      that of a random encoder.
    * "tau" in [-1, 1]: Kendall's tau-b between the same two.
    * each with "-null", the same between that random encoder and the next, and "-above-null", the
      value minus that.

    Attention that is the same whatever the encoder has learnt explains nothing of what the model
    has learnt there. That it changes is necessary and no merit: so does anything that is noise.
    The other half of the check, a random decoder, is not measured: attention is computed before the
    head, so its divergence is exactly 0 in every model that the package reads. Except at the site
    "gradient-weighted" of a transformer, whose gradients come through the head.

    In a transformer the encoder are all of its layers, and attention is a part of them: what stays
    is embeddings and head.

    Args:
        model: The model.
        batch: Documents.
        site: Attention site.
        untrained: The models of random encoders, which cost two forward passes together. Without
            any, everything is undefined.

    Source:
        Adebayo et al. (2018), independent randomisation of one layer.
    """
    [attended] = model.attend(batch, sites=[site])
    if untrained is None:
        return tuple(_nothing(attended))
    own, next_one = untrained.attentions(batch, site=site, count=2)
    return (*_divergences(attended, own, next_one), *_correlations(attended, own, next_one))


def _divergences(
    attended: Attended,
    random: Float[Tensor, "batch tokens"],
    other: Float[Tensor, "batch tokens"],
) -> Iterator[ValueRow]:
    value = jensen_shannon_divergence(attended.attention, random)
    null = jensen_shannon_divergence(random, other)
    for unit, *numbers in zip(attended.units, value.tolist(), null.tolist(), strict=True):
        yield from rows_beside_null(unit, "divergence", *numbers)


def _correlations(
    attended: Attended,
    random: Float[Tensor, "batch tokens"],
    other: Float[Tensor, "batch tokens"],
) -> Iterator[ValueRow]:
    value = kendall_tau(attended.attention, random, attended.mask, names=("attention", _RANDOM))
    null = kendall_tau(random, other, attended.mask, names=(_RANDOM, _RANDOM))
    for position, unit in enumerate(attended.units):
        yield from rows_beside_null(
            unit,
            "tau",
            float(value.statistic[position]),
            float(null.statistic[position]),
            undefined=value.undefined[position],
            null_undefined=null.undefined[position],
        )


def _nothing(attended: Attended) -> Iterator[ValueRow]:
    for unit in attended.units:
        for quantity in ("divergence", "tau"):
            yield from rows_beside_null(
                unit,
                quantity,
                math.nan,
                math.nan,
                undefined=NO_COUNTERPART,
                null_undefined=NO_COUNTERPART,
            )
