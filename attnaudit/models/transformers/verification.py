"""Whether what is seen and replaced in a network is really its attention."""

import torch
from torch import Tensor

from attnaudit.errors import PreflightError
from attnaudit.models.transformers.anatomy import Anatomy, find_anatomy
from attnaudit.models.transformers.names import ALL, EVERY, LAST
from attnaudit.models.transformers.network import Inputs, Network
from attnaudit.models.transformers.one_row import OneRowReadout
from attnaudit.models.transformers.probe import piecewise_rows, reversed_rows
from attnaudit.models.transformers.recording import Recorded, record
from attnaudit.models.transformers.restart import RestartedReadout
from attnaudit.models.transformers.sites import heads_by_site
from attnaudit.models.transformers.tap import tapped

TOLERANCE = 1e-5
"""Largest difference of logits, as a share of the largest logit, that rounding explains."""


def verified_anatomy(network: Network, fused: Network, probe: Inputs) -> Anatomy:
    """How a network is built, once it has been shown that its attention can be replaced.

    Args:
        network: The network with plain attention.
        fused: The same with torch's own function for attention, where it can use that.
        probe: Several inputs of different lengths.

    Raises:
        PreflightError: If its weights cannot be found or are not those that it reports itself,
            if its logits depend on padding, if plain attention or its own weights put in place of
            themselves give other logits, or if going on from a layer does.
    """
    try:
        return _verified(network, fused, probe)
    except PreflightError:
        raise
    except Exception as error:
        # A shape that nobody expected, somewhere in code of which nothing is known.
        raise _unsupported(
            network, f"replacing it raised {type(error).__name__}: {error}"
        ) from error


def _verified(network: Network, fused: Network, probe: Inputs) -> Anatomy:
    with torch.no_grad():
        wanted = fused.logits(probe)
        alone = torch.cat([network.logits(probe.alone(row)) for row in range(len(probe))])
    anatomy = find_anatomy(network, probe)
    if anatomy is None:
        raise _unsupported(network, "no softmax over the pieces was found in each of its layers")
    every = frozenset(range(anatomy.layers))
    recorded = record(network, anatomy, probe, layers=every, every=every)
    _check_reported(network, recorded, probe)
    _check_same(network, recorded.logits, wanted, "plain attention and torch's own function for it")
    _check_same(network, alone, recorded.logits, "an input alone and beside padding")
    sites = heads_by_site(anatomy.heads, every=True)
    for name in (ALL, "layer.0", LAST, ALL + EVERY):
        rows = piecewise_rows(recorded, sites[name])
        readout = RestartedReadout.of(network, anatomy, recorded, sites[name], rows, link="softmax")
        # Two alternatives, which shows whether the batch is where it is thought to be.
        twice = readout.replaced_logits(rows.over_words().unsqueeze(1).expand(-1, 2, -1, -1))
        for own in twice.unbind(dim=1):
            _check_same(network, own, recorded.logits, f"replacing {name} by itself and leaving it")
    _check_restart(network, anatomy, recorded)
    return anatomy


@torch.no_grad()
def one_row_suffices(network: Network, anatomy: Anatomy, probe: Inputs) -> bool:
    """Whether the last layer computed at one position gives what the whole layer gives.

    Args:
        network: The network.
        anatomy: How it is built.
        probe: Several inputs of different lengths.
    """
    heads = heads_by_site(anatomy.heads)[LAST]
    recorded = record(network, anatomy, probe, layers=frozenset(heads.layers))
    rows = piecewise_rows(recorded, heads)
    parts = (network, anatomy, recorded, heads, rows)
    one_row = OneRowReadout.of(*parts, link="softmax")
    if one_row is None:
        return False
    other = reversed_rows(rows)
    whole = RestartedReadout.of(*parts, link="softmax").replaced_logits(other)
    return _same(one_row.replaced_logits(other), whole)


def _check_reported(network: Network, recorded: Recorded, probe: Inputs) -> None:
    with tapped(network.module, lambda _: None):  # So that both round alike.
        reported = network.reported_attention(probe)
    layers = len(recorded.every.weights)
    if len(reported) != layers:
        raise _unsupported(
            network, f"it reports attention of {len(reported)} layers, and {layers} were found"
        )
    for layer, weights in enumerate(reported):
        found = recorded.every.weights[layer]
        if weights.shape != found.shape:
            raise _unsupported(
                network, f"it reports attention of shape {list(weights.shape)} in layer {layer}"
            )
        padding = ~recorded.every.queries.real[:, None, :, None]
        difference = (weights - found).abs().masked_fill(padding, 0.0)
        if not bool(difference.max() <= TOLERANCE):
            raise _unsupported(
                network,
                f"the weights of layer {layer} differ by {difference.max().item():.3g} from those "
                "that it reports itself",
            )


def _check_restart(network: Network, anatomy: Anatomy, recorded: Recorded) -> None:
    # Its own weights again would hide a layer that is not run again at all.
    heads = heads_by_site(anatomy.heads)[LAST]
    rows = piecewise_rows(recorded, heads)
    other = reversed_rows(rows)
    last = RestartedReadout.of(network, anatomy, recorded, heads, rows, link="softmax")
    every = heads_by_site(anatomy.heads)[ALL]
    all_rows = piecewise_rows(recorded, every)
    whole = RestartedReadout.of(network, anatomy, recorded, every, all_rows, link="softmax")
    # Earlier layers keep their own attention, but run.
    mixed = all_rows.over_words().unsqueeze(1).clone()
    mixed[:, :, -other.shape[2] :] = other
    _check_same(
        network,
        last.replaced_logits(other).squeeze(1),
        whole.replaced_logits(mixed).squeeze(1),
        "the last layer alone and all layers, with the last one's attention replaced",
    )


def _check_same(network: Network, first: Tensor, second: Tensor, meaning: str) -> None:
    if not _same(first, second):
        difference = (first - second).abs().max().item()
        raise _unsupported(
            network,
            f"{meaning} must give the same logits, but they differ by {difference:.3g} where the "
            f"largest is {second.abs().max().item():.3g}",
        )


def _same(first: Tensor, second: Tensor) -> bool:
    return bool((first - second).abs().max() <= TOLERANCE * second.abs().max())


def _unsupported(network: Network, reason: str) -> PreflightError:
    return PreflightError(
        f"the attention of this {network.architecture} cannot be audited: {reason}. Choose a model "
        "of another architecture."
    )
