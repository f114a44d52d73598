"""Models of the same architecture that have learnt nothing, as a whole or in their encoder."""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import TypeVar

from torch import Tensor, nn

from attnaudit.measurements.random_attention import UntrainedModels
from attnaudit.models.blank import blank_classifier, blank_network
from attnaudit.models.pairs.classifier import PairClassifier
from attnaudit.models.pairs.model import PairModel
from attnaudit.models.paper import PaperModel
from attnaudit.models.protocol import AttentionModel
from attnaudit.models.transformers.model import TransformerModel
from attnaudit.models.transformers.redrawn import redrawn, with_redrawn_layers
from attnaudit.training.recipe import initial_network

KEPT_BYTES = 2**30
"""Memory of random networks of a transformer that are kept; the others are drawn for each batch."""

_Network = TypeVar("_Network", bound=nn.Module)


def untrained_models(model: AttentionModel, *, seed: int) -> UntrainedModels | None:
    """Models of the same architecture and vocabulary, with all weights random.

    The weights are those that training begins from, word embeddings included. What attention of
    theirs has in common with an importance, it has without having learnt anything.

    Args:
        model: The model; nothing of its weights is used.
        seed: Seed of the run. The same seed gives the same weights on any device.

    Returns:
        Models in the place and precision of `model`, drawn when they are first needed, or None if
        its architecture is neither one of the paper's nor one of the transformers library. The
        paper's are kept; of a transformer's, so many as `KEPT_BYTES` hold, and at most one more
        exists at a time, which costs drawing it again for every batch.
    """
    if isinstance(model, TransformerModel):
        return _transformers(model, redrawn, seed=seed)
    if not isinstance(model, PaperModel | PairModel):
        return None

    def draw(number: int) -> AttentionModel:
        return _filled(model, _random_weights(model, seed=seed, number=number))

    return UntrainedModels(draw=cache(draw), seed=seed)


def models_with_untrained_encoder(model: AttentionModel, *, seed: int) -> UntrainedModels | None:
    """The same model with encoders that have learnt nothing.

    Embeddings, attention and head stay; of a model of two texts, both encoders are drawn. Of a
    transformer, all layers are drawn, with the attention in them; its embeddings and its head stay.

    Args:
        model: The model; its own weights stay as they are.
        seed: Seed of the run. The same seed gives the same weights on any device.

    Returns:
        Models in the place and precision of `model`, as by `untrained_models`.

    Source:
        Adebayo et al. (2018), whose independent randomisation draws one layer again.
    """
    if isinstance(model, TransformerModel):
        return _transformers(model, with_redrawn_layers, seed=seed)
    if not isinstance(model, PaperModel | PairModel):
        return None
    own = model.network.state_dict()

    def draw(number: int) -> AttentionModel:
        drawn = _random_weights(model, seed=seed, number=number)
        encoder = {name: one for name, one in drawn.items() if "encoder" in name.split(".")}
        return _filled(model, own | encoder)

    return UntrainedModels(draw=cache(draw), seed=seed)


def _network_seed(seed: int, number: int) -> int:
    # A hash, since networks of neighbouring seeds should have nothing in common.
    digest = hashlib.sha256(f"{seed}\0random-weights\0{number}".encode()).digest()
    return int.from_bytes(digest[:4], "little")


def _transformers(
    model: TransformerModel, redraw: Callable[..., TransformerModel], *, seed: int
) -> UntrainedModels:
    own = {weight.data_ptr() for weight in model.network.module.parameters()}
    kept: dict[int, TransformerModel] = {}

    def draw(number: int) -> AttentionModel:
        if number in kept:
            return kept[number]
        drawn = redraw(model, seed=_network_seed(seed, number))
        weights = drawn.network.module.parameters()
        size = sum(weight.nbytes for weight in weights if weight.data_ptr() not in own)
        # The first ones stay, not the latest: every batch asks for all of them in turn.
        if (len(kept) + 1) * size <= KEPT_BYTES:
            kept[number] = drawn
        return drawn

    return UntrainedModels(draw=draw, seed=seed)


def _random_weights(model: PaperModel | PairModel, *, seed: int, number: int) -> dict[str, Tensor]:
    network = initial_network(model.configuration, seed=_network_seed(seed, number))
    return dict(network.state_dict())


def _filled(model: PaperModel | PairModel, weights: Mapping[str, Tensor]) -> PaperModel | PairModel:
    if isinstance(model, PairModel):
        pairs = blank_network(partial(PairClassifier, model.configuration))
        return PairModel(_loaded(pairs, weights, model), model.configuration, model.vocabulary)
    network = _loaded(blank_classifier(model.configuration), weights, model)
    return PaperModel(network, model.configuration, model.vocabulary)


def _loaded(network: _Network, weights: Mapping[str, Tensor], like: AttentionModel) -> _Network:
    # Assigned, so that what the model keeps of its own is shared and not copied.
    network.load_state_dict(weights, assign=True)
    return network.to(device=like.device, dtype=like.dtype).eval().requires_grad_(False)
