"""Transformers that have learnt nothing: the same architecture, with weights drawn at random."""

import copy
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from attnaudit.models.transformers.model import TransformerModel
from attnaudit.models.transformers.network import Network


def redrawn(model: TransformerModel, *, seed: int) -> TransformerModel:
    """The same architecture and tokeniser with all weights random, as before any training.

    Args:
        model: The model. It is left as it is, and so is the global generator.
        seed: Of the weights, from 0 to 2**32 - 1; drawn on the CPU in single precision, so the
            same for any place and precision of the model.

    Returns:
        A model in the place and precision of `model`. It takes as much memory.
    """
    return _around(model, _initial(model, seed=seed), seed=seed, part="all")


def with_redrawn_layers(model: TransformerModel, *, seed: int) -> TransformerModel:
    """The same model with random weights in all of its layers.

    What lies before, between and behind the layers stays: embeddings, the head, a last
    normalisation, what tells positions. A layer that serves several times, as in ALBERT, is drawn
    once and serves as before.

    Args:
        model: The model. It is left as it is, and so is the global generator.
        seed: As in `redrawn`.

    Returns:
        A model in the place and precision of `model`, with which it shares what it keeps of it.
    """
    drawn = _initial(model, seed=seed)
    layers = tuple(f"{name}." for name in _names_of_blocks(model))
    kept = {
        name: weight
        for name, weight in model.network.module.state_dict().items()
        if not name.startswith(layers)
    }
    return _around(model, drawn, seed=seed, part="layers", kept=kept)


def _initial(model: TransformerModel, *, seed: int) -> nn.Module:
    # Its own copy, since a network may write into the configuration that it is made from.
    configuration = copy.deepcopy(model.network.configuration)
    build: Any = type(model.network.module)
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        network: nn.Module = build(configuration)
    return network


def _around(
    model: TransformerModel,
    network: nn.Module,
    *,
    seed: int,
    part: str,
    kept: Mapping[str, Tensor] | None = None,
) -> TransformerModel:
    if kept is not None:
        # Assigned, so that what the model keeps of its own is shared and not copied.
        network.load_state_dict(kept, strict=False, assign=True)
    network.to(device=model.device, dtype=model.dtype).eval().requires_grad_(False)
    blocks = tuple(network.get_submodule(name) for name in _names_of_blocks(model))
    return replace(
        model,
        network=Network(
            network, segmented="token_type_ids" in model.reader.tokenizer.model_input_names
        ),
        anatomy=replace(model.anatomy, blocks=blocks),
        # Tells it from the model and from other draws, and costs no reading of its weights.
        digest=hashlib.sha256(f"{model.digest}\0{part}\0{seed}".encode()).hexdigest(),
    )


def _names_of_blocks(model: TransformerModel) -> tuple[str, ...]:
    names = {module: name for name, module in model.network.module.named_modules()}
    return tuple(names[block] for block in model.anatomy.blocks)
