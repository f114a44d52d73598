"""Models of the same architecture that have learnt nothing, as a whole or in their encoder."""

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from torch import Tensor, nn

from attnaudit.models.blank import blank_classifier, blank_network
from attnaudit.models.pairs.classifier import PairClassifier
from attnaudit.models.pairs.model import PairModel
from attnaudit.models.paper import PaperModel
from attnaudit.models.protocol import AttentionModel
from attnaudit.training.recipe import initial_network

NETWORKS = 5
"""Networks of random weights that a null is the mean over."""

NO_COUNTERPART = "no random weights for this architecture"
"""Why a model has no null of random weights: the package cannot draw weights for it."""

UntrainedModels = Callable[[], tuple[AttentionModel, ...]]
"""Makes the models when they are first needed; none for an architecture that is not the paper's."""

_Network = TypeVar("_Network", bound=nn.Module)


def untrained_models(model: AttentionModel, *, seed: int) -> tuple[AttentionModel, ...]:
    """`NETWORKS` models of the same architecture and vocabulary, with all weights random.

    The weights are those that training begins from, word embeddings included. What attention of
    theirs has in common with an importance, it has without having learnt anything.

    Args:
        model: The model; nothing of its weights is used.
        seed: Seed of the run. The same seed gives the same weights on any device.

    Returns:
        Models in the place and precision of `model`, or none if its architecture is not one of
        the paper's.
    """
    if not isinstance(model, PaperModel | PairModel):
        return ()
    return tuple(
        _filled(model, _random_weights(model, seed=seed, number=number))
        for number in range(NETWORKS)
    )


def models_with_untrained_encoder(
    model: AttentionModel, *, seed: int
) -> tuple[AttentionModel, ...]:
    """`NETWORKS` times the same model with an encoder that has learnt nothing.

    Embeddings, attention and head stay; of a model of two texts, both encoders are drawn.

    Args:
        model: The model; its own weights stay as they are.
        seed: Seed of the run. The same seed gives the same weights on any device.

    Returns:
        Models in the place and precision of `model`, or none if its architecture is not one of
        the paper's.

    Source:
        Adebayo et al. (2018), whose independent randomisation draws one layer again.
    """
    if not isinstance(model, PaperModel | PairModel):
        return ()
    own = model.network.state_dict()
    return tuple(
        _filled(
            model,
            own
            | {
                name: weights
                for name, weights in _random_weights(model, seed=seed, number=number).items()
                if "encoder" in name.split(".")
            },
        )
        for number in range(NETWORKS)
    )


def _random_weights(model: PaperModel | PairModel, *, seed: int, number: int) -> dict[str, Tensor]:
    # A hash, since networks of neighbouring seeds should have nothing in common.
    digest = hashlib.sha256(f"{seed}\0random-weights\0{number}".encode()).digest()
    network = initial_network(model.configuration, seed=int.from_bytes(digest[:4], "little"))
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
