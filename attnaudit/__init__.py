"""Audit whether attention weights explain a model's decisions.

`attnaudit.audit(model, documents, claims)` does from Python what `pytest audits/` does.

To read the code, begin with `records`, then `models.protocol`, `measurements.permutation`,
`verdicts` and one file of `audits/`: that is the whole idea.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attnaudit.runs.api import audit

__all__ = ["audit"]


def __getattr__(name: str) -> object:
    # Imported when it is asked for: the pytest plugin imports this package and must stay light.
    if name == "audit":
        from attnaudit.runs.api import audit  # noqa: PLC0415

        return audit
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
