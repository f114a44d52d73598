"""Names of attention sites, and the heads they stand for."""

from dataclasses import dataclass

from attnaudit.errors import UsageError
from attnaudit.models.protocol import Site

LAST = "layer.last"
ALL = "layers"


@dataclass(frozen=True, kw_only=True, slots=True)
class Heads:
    """Some heads of some layers: all those of a site.

    Attributes:
        layers: Numbers of layers, ascending, counted from 0.
        heads: Numbers of heads in each of these layers, ascending, counted from 0.
    """

    layers: tuple[int, ...]
    heads: tuple[tuple[int, ...], ...]


def heads_by_site(heads: tuple[int, ...]) -> dict[str, Heads]:
    """Every site by its name, the default first.

    Args:
        heads: How many heads each layer has.

    Returns:
        "layer.last", "layers" (all at once), and of every layer L "layer.L" and for each of its
        heads "layer.L.head.H", all counted from 0.

    Example:
        >>> list(heads_by_site((1, 1)))
        ['layer.last', 'layers', 'layer.0', 'layer.0.head.0', 'layer.1', 'layer.1.head.0']
    """
    whole = [tuple(range(number)) for number in heads]
    every = tuple(range(len(heads)))
    found = {
        LAST: Heads(layers=every[-1:], heads=(whole[-1],)),
        ALL: Heads(layers=every, heads=tuple(whole)),
    }
    for layer in every:
        found[f"layer.{layer}"] = Heads(layers=(layer,), heads=(whole[layer],))
        for head in whole[layer]:
            found[f"layer.{layer}.head.{head}"] = Heads(layers=(layer,), heads=((head,),))
    return found


def named(sites: dict[str, Heads], name: str) -> Heads:
    """The heads of a site.

    Args:
        sites: Every site by its name.
        name: What the user asked for.

    Raises:
        UsageError: If there is no such site.
    """
    if name not in sites:
        raise UsageError(
            f"the model has no attention site {name!r}. There are {LAST}, {ALL}, and layer.L and "
            f"layer.L.head.H for the layers and heads of {list(sites)[-1]} and below, counted "
            "from 0."
        )
    return sites[name]


def listed(sites: dict[str, Heads]) -> tuple[Site, ...]:
    """The sites as a model lists them; all can be replaced."""
    return tuple(Site(name=name) for name in sites)
