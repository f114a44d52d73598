"""Layers and heads of a directory by name, before its network is opened.

Needs neither torch nor transformers.
"""

from collections.abc import Mapping
from pathlib import Path

from attnaudit.models.transformers.names import EVERY, of_one_layer
from attnaudit.models.transformers.safety import read_fields

MOST_HEADS = 10_000
"""Heads of all layers together that are named before a network is opened."""

_LAYERS = ("num_hidden_layers", "n_layer", "n_layers")
_HEADS = ("num_attention_heads", "n_head", "n_heads")
# A layer of ALBERT may be several, one after the other.
_LAYERS_IN_ONE = "inner_group_num"


def numbered_sites(path: Path) -> tuple[str, ...]:
    """Attention sites whose names hold numbers, as `config.json` tells them.

    Args:
        path: A directory for which `is_transformer` holds.

    Returns:
        Of every layer L and each of its heads H "layer.L", "layer.L.every", "layer.L.head.H" and
        "layer.L.head.H.every", counted from 0. None of them where the file does not say how many
        there are, or says more than `MOST_HEADS`.

    Raises:
        ModelError: If there is no such file or it is not a JSON object.
    """
    fields = read_fields(path)
    layers, heads = _number(fields, _LAYERS), _number(fields, _HEADS)
    if fields.get(_LAYERS_IN_ONE, 1) != 1 or not 1 <= layers * heads <= MOST_HEADS:
        return ()
    return tuple(
        name + queries for name, *_ in of_one_layer([heads] * layers) for queries in ("", EVERY)
    )


def _number(fields: Mapping[str, object], names: tuple[str, ...]) -> int:
    """What the first of these fields says, 0 if that is no number of anything."""
    found = next((fields[name] for name in names if name in fields), 0)
    return found if type(found) is int and found > 0 else 0
