"""Which attention sites the user means, told before a model is opened, so without torch.

A star in the name of a site stands for any number: `layer.*.head.*` is every head of every layer.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from attnaudit.errors import UsageError
from attnaudit.models.aggregated import AGGREGATED
from attnaudit.models.sources import is_factory
from attnaudit.models.transformers.numbered import numbered_sites
from attnaudit.models.transformers.recognition import is_transformer

STAR = "*"


def known_sites(source: str) -> dict[str, bool]:
    """The attention sites of a model that are known before it is opened.

    Args:
        source: Directory or factory of the model.

    Returns:
        Whether attention can be replaced there, by the site's name. Only a directory of the
        transformers library has any; of its sites without a number, those are told whose attention
        cannot be replaced.
    """
    path = Path(source)
    if is_factory(source) or not is_transformer(path):
        return {}
    return dict.fromkeys(numbered_sites(path), True) | dict.fromkeys(AGGREGATED, False)


def planned_sites(
    named: Sequence[str], known: Mapping[str, bool], *, model: str
) -> tuple[str | None, ...]:
    """The sites that a user means, each once, in the order in which they are named first.

    Args:
        named: Names of sites, and patterns that stand for several.
        known: The model's sites as far as they are known.
        model: Its name, for messages.

    Returns:
        Names without a star, or None alone, the model's first site, if none was named.

    Raises:
        UsageError: If a pattern is malformed, or matches no site that is known.
    """
    if not named:
        return (None,)
    found = [
        site
        for name in named
        for site in (_matching(name, known, model=model) if STAR in name else (name,))
    ]
    return tuple(dict.fromkeys(found))


def _matching(pattern: str, known: Mapping[str, bool], *, model: str) -> tuple[str, ...]:
    parts = pattern.split(".")
    if any(STAR in part and part != STAR for part in parts):
        raise UsageError(
            f"the attention site {pattern} has a star beside other characters; a star stands for a "
            "whole number between dots, as in layer.*.head.*"
        )
    expression = r"\.".join("[0-9]+" if part == STAR else re.escape(part) for part in parts)
    found = tuple(site for site in known if re.fullmatch(expression, site))
    if not found:
        raise UsageError(
            f"the attention site {pattern} stands for none of the known sites of {model} "
            f"({_shown(tuple(known))}). Check its numbers, which are counted from 0, or name its "
            "sites one by one"
        )
    return found


def _shown(names: tuple[str, ...]) -> str:
    if not names:
        return "its layers and heads cannot be counted before it is opened"
    numbered = [name for name in names if re.search(r"\.[0-9]+(\.|$)", name)]
    return f"{numbered[0]} to {numbered[-1]}" if len(numbered) > 1 else ", ".join(names)
