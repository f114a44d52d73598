"""Names of attention sites that can be replaced. Needs neither torch nor transformers."""

from collections.abc import Iterable, Iterator

LAST = "layer.last"
ALL = "layers"
EVERY = ".every"
"""Ends the name of a site that is about all positions as queries."""


def of_one_layer(heads: Iterable[int]) -> Iterator[tuple[str, int, tuple[int, ...]]]:
    """The sites that lie in one layer each.

    Args:
        heads: How many heads each layer has.

    Yields:
        Name, number of the layer and numbers of its heads: "layer.L" and then "layer.L.head.H" for
        each of its heads, layer by layer, all counted from 0.

    Example:
        >>> [name for name, *_ in of_one_layer([1, 2])]
        ['layer.0', 'layer.0.head.0', 'layer.1', 'layer.1.head.0', 'layer.1.head.1']
    """
    for layer, number in enumerate(heads):
        yield f"layer.{layer}", layer, tuple(range(number))
        for head in range(number):
            yield f"layer.{layer}.head.{head}", layer, (head,)
