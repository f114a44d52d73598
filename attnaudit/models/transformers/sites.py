"""Names of attention sites, and the heads they stand for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from attnaudit.errors import PreflightError, UsageError
from attnaudit.models.aggregated import AGGREGATED, NORM_BASED
from attnaudit.models.protocol import Site
from attnaudit.models.transformers.anatomy import Anatomy
from attnaudit.models.transformers.names import ALL, EVERY, LAST, of_one_layer


@dataclass(frozen=True, kw_only=True, slots=True)
class Heads:
    """Some heads of some layers: all those of a site.

    Attributes:
        layers: Numbers of layers, ascending, counted from 0.
        heads: Numbers of heads in each of these layers, ascending, counted from 0.
        every: Whether the site is about every position of the input as query, instead of those
            that the classifier reads.
    """

    layers: tuple[int, ...]
    heads: tuple[tuple[int, ...], ...]
    every: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Aggregate:
    """A site whose numbers are computed from attention and cannot be replaced."""

    name: str


def heads_by_site(heads: tuple[int, ...], *, every: bool = False) -> dict[str, Heads]:
    """Every site that can be replaced by its name, the default first.

    Args:
        heads: How many heads each layer has.
        every: Whether the sites about every position as query are among them.

    Returns:
        "layer.last", "layers" (all at once), and of every layer L "layer.L" and for each of its
        heads "layer.L.head.H", all counted from 0; then the same with ".every" behind, if asked.

    Example:
        >>> list(heads_by_site((1, 1)))
        ['layer.last', 'layers', 'layer.0', 'layer.0.head.0', 'layer.1', 'layer.1.head.0']
    """
    whole = [tuple(range(number)) for number in heads]
    layers = tuple(range(len(heads)))
    found = {
        LAST: Heads(layers=layers[-1:], heads=(whole[-1],)),
        ALL: Heads(layers=layers, heads=tuple(whole)),
    }
    for name, layer, chosen in of_one_layer(heads):
        found[name] = Heads(layers=(layer,), heads=(chosen,))
    if every:
        found |= {name + EVERY: replace(one, every=True) for name, one in found.items()}
    return found


def sites_of(anatomy: Anatomy) -> dict[str, Heads | Aggregate]:
    """Every site of a network by its name, the default first.

    Sites about every position are left out where they are those that the classifier reads, and
    where a position does not see what is behind it. "norm-based" is left out where the module is
    unknown that transforms what attention mixes.

    Args:
        anatomy: How the network is built.
    """
    every = anatomy.reads != "every" and not anatomy.causal
    return heads_by_site(anatomy.heads, every=every) | {
        name: Aggregate(name=name)
        for name in AGGREGATED
        if name != NORM_BASED or anatomy.projection is not None
    }


def find_site(anatomy: Anatomy, name: str) -> Heads | Aggregate:
    """What a site stands for.

    Args:
        anatomy: How the network is built.
        name: What the user asked for.

    Raises:
        UsageError: If there is no such site.
        PreflightError: If there would be, were the network another.
    """
    sites = sites_of(anatomy)
    if name in sites:
        return sites[name]
    if name == NORM_BASED:
        raise PreflightError(
            f"{name} cannot be computed for this network: no linear module was found that reads "
            "what its last layer's attention mixes. Choose another site."
        )
    without = name.removesuffix(EVERY)
    known = sites.get(without)
    if name != without and isinstance(known, Heads) and not known.every:
        raise PreflightError(
            f"{name} cannot be audited: this network is causal, so a word behind a position has no "
            f"weight there, and none can be put on it. Choose {without}, which is about the "
            "position that the classifier reads."
            if anatomy.causal
            else f"{name} is {without} itself: this classifier reads every position. Choose that."
        )
    raise UsageError(
        f"the model has no attention site {name!r}. There are {LAST}, {ALL}, layer.L and "
        f"layer.L.head.H for the layers and heads of {list(heads_by_site(anatomy.heads))[-1]} and "
        f"below, counted from 0, each also with {EVERY} behind where positions see each other, and "
        f"{', '.join(one for one in sites if one in AGGREGATED)}."
    )


def listed(sites: Mapping[str, Heads | Aggregate]) -> tuple[Site, ...]:
    """The sites as a model lists them."""
    return tuple(Site(name=name, replaceable=isinstance(one, Heads)) for name, one in sites.items())
