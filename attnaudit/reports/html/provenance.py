"""Where the numbers of a run come from, and the commands that make them again."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from attnaudit.claims.files import PACKAGE_DEFAULT
from attnaudit.store.run import ModelEntry, Run, Settings

_FROM_PYTHON = "python"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Manner:
    """How a model was audited; models of which it is the same go into one command.

    Attributes:
        sites: Its attention sites.
        claims: The file of its claims; None where nobody needs to name it.
        dtype: Precision.
        device: Kind of device.
    """

    sites: tuple[str, ...]
    claims: str | None
    dtype: str
    device: str


def commands(run: Run) -> tuple[str, ...]:
    """The commands that repeat a run, as far as the run says how it was made.

    Args:
        run: What was decided.

    Returns:
        Lines for a shell, one for all models that were audited in one way; none if a program made
        the run. Which documents a model brings is written in its directory, so no line names them.
    """
    by_source: dict[str, list[ModelEntry]] = {}
    for entry in run.models:
        by_source.setdefault(entry.source, []).append(entry)
    if _FROM_PYTHON in by_source:
        return ()
    alike: dict[_Manner, list[str]] = {}
    for source, entries in by_source.items():
        alike.setdefault(_manner(entries), []).append(source)
    return tuple(
        shlex.join(_words(sources, manner, run.settings)) for manner, sources in alike.items()
    )


def _manner(entries: Sequence[ModelEntry]) -> _Manner:
    first = entries[0]
    # Claims that lie in a model's own directory are found there.
    found = str(PurePath(first.claims_source).parent) == first.source
    named = None if found or first.claims_source == PACKAGE_DEFAULT else first.claims_source
    return _Manner(
        sites=tuple(sorted(entry.site for entry in entries)),
        claims=named,
        dtype=first.dtype,
        device=first.device,
    )


def _words(sources: Sequence[str], manner: _Manner, settings: Settings) -> Iterator[str]:
    yield from ("pytest", "audits/")
    for source in sources:
        yield from ("--attn-model", source)
    for site in manner.sites:
        yield from ("--attn-site", site)
    if manner.claims is not None:
        yield from ("--attn-claims", manner.claims)
    yield from ("--attn-dtype", manner.dtype, "--attn-device", manner.device)
    yield from ("--attn-seed", str(settings.seed))
    if settings.first_block is not None:
        yield "--attn-adaptive"
    if settings.limit is not None:
        yield from ("--attn-limit", str(settings.limit))
