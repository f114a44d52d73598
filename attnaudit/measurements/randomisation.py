"""Does attention depend on what the encoder has learnt? Draw its weights at random and compare."""

import math
from collections.abc import Iterator, Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from attnaudit.measurements.mean_tau import mean_tau
from attnaudit.measurements.rows import rows_beside_null
from attnaudit.measurements.untrained import NO_COUNTERPART, UntrainedModels
from attnaudit.metrics import jensen_shannon_divergence
from attnaudit.models.protocol import Attended, AttentionModel, Batch
from attnaudit.records import ValueRow

_RANDOM = "attention of a random encoder"


def randomisation(
    model: AttentionModel, batch: Batch, *, site: str, untrained: UntrainedModels
) -> tuple[ValueRow, ...]:
    """How far attention is from that of the same model with an encoder that has learnt nothing.

    Embeddings, attention and head keep their weights; the encoder's are drawn at random, several
    times.

    * "divergence" in [0, ln 2] nats: Jensen-Shannon divergence between the model's attention and
      that of each model of a random encoder, on average.
    * "tau" in [-1, 1]: Kendall's tau-b between the same two, on average.
    * each with "-null", the same between two of the random encoders, and "-above-null", the value
      minus that.

    Attention that is the same whatever the encoder has learnt explains nothing of what the model
    has learnt there. That it changes is necessary and no merit: so does anything that is noise.
    The other half of the check, a random decoder, needs no measurement: attention is computed
    before the head, so its divergence is exactly 0 in every model that the package reads.

    Args:
        model: The model.
        batch: Documents.
        site: Attention site.
        untrained: Makes the models of random encoders, two at least. Without any, everything is
            undefined.

    Source:
        Adebayo et al. (2018), independent randomisation of one layer.
    """
    [attended] = model.attend(batch, sites=[site])
    random = [one.attend(batch, sites=[site])[0].attention for one in untrained()]
    if not random:
        return tuple(_nothing(attended))
    # Each random encoder beside the next, so that all of them count alike.
    neighbours = list(zip(random, [*random[1:], random[0]], strict=True))
    own = [(attended.attention, one) for one in random]
    return (*_divergences(attended, own, neighbours), *_correlations(attended, own, neighbours))


_Pairs = Sequence[tuple[Float[Tensor, "batch tokens"], Float[Tensor, "batch tokens"]]]


def _divergences(attended: Attended, own: _Pairs, neighbours: _Pairs) -> Iterator[ValueRow]:
    value, null = (
        torch.stack([jensen_shannon_divergence(one, other) for one, other in pairs]).mean(dim=0)
        for pairs in (own, neighbours)
    )
    for unit, *numbers in zip(attended.units, value.tolist(), null.tolist(), strict=True):
        yield from rows_beside_null(unit, "divergence", *numbers)


def _correlations(attended: Attended, own: _Pairs, neighbours: _Pairs) -> Iterator[ValueRow]:
    value = mean_tau(own, attended.mask, names=("attention", _RANDOM))
    null = mean_tau(neighbours, attended.mask, names=(_RANDOM, _RANDOM))
    for position, unit in enumerate(attended.units):
        yield from rows_beside_null(
            unit,
            "tau",
            float(value.mean[position]),
            float(null.mean[position]),
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
