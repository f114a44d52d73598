"""What a run left out because it has no answer, as lines of text."""

from attnaudit.reports.plain import plain
from attnaudit.store.run import Run

_NAME_WIDTH = 100


def not_asked_lines(run: Run) -> list[str]:
    """Which claims were not asked at which sites, in one line for each model and set of claims.

    Args:
        run: What was decided.
    """
    sites: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for one in run.not_asked:
        sites.setdefault((one.model, one.claims), []).append(one.site)
    return [
        f"not asked at {_listed(places)} of {plain(model, width=_NAME_WIDTH)}, whose attention "
        f"cannot be replaced: {_listed(claims)}"
        for (model, claims), places in sites.items()
    ]


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(plain(name, width=_NAME_WIDTH) for name in names)
