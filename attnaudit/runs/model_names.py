"""What the models of a run are called: short, unique in the run, and the same in every run."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from attnaudit.models.sources import is_factory


def model_names(sources: Sequence[str], *, embedded: Path) -> tuple[str, ...]:
    """A name for each model.

    Args:
        sources: Different directories or factories, as given.
        embedded: The directory of the model that the package carries, which is called "embedded".

    Example:
        >>> model_names(["runs/news", "my.models:make"], embedded=Path("nowhere"))
        ('news', 'my.models.make')
    """
    names = ["embedded" if Path(source) == embedded else _short_name(source) for source in sources]
    repeated = {name for name, count in Counter(names).items() if count > 1}
    # Two models of one name are told apart by where they lie, which no order of options changes.
    return tuple(
        f"{name}-{hashlib.sha256(source.encode()).hexdigest()[:6]}" if name in repeated else name
        for name, source in zip(names, sources, strict=True)
    )


def _short_name(source: str) -> str:
    return source.replace(":", ".") if is_factory(source) else Path(source).resolve().name
