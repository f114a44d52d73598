"""The files that a repository gets: the audits, claims to change, and a workflow that runs both."""

import shlex
from importlib import resources
from pathlib import PurePosixPath
from string import Template

from attnaudit.errors import UsageError

WORKFLOW = PurePosixPath(".github/workflows/attention-audit.yml")
CLAIMS = PurePosixPath("claims.toml")

_CLAIMS_HEADING = """\
# The claims of this repository, first written by `attnaudit init`. Choose them before you have seen
# a number: a threshold that was set afterwards decides nothing.
#
"""


def scaffold_files(
    *, package: str, model: str | None = None, data: str | None = None
) -> dict[PurePosixPath, bytes]:
    """Content of every file by its path in the repository.

    Args:
        package: What the workflow installs, as pip takes it.
        model: What the workflow audits; the model that the package carries if not given.
        data: Documents that the workflow audits it on; those of the model if not given.

    Raises:
        UsageError: If one of the three cannot stand in a workflow.
    """
    named = {"--claims": str(CLAIMS), "--model": model, "--data": data}
    options = [f"{option}={_word(value)}" for option, value in named.items() if value is not None]
    workflow = _text("scaffold", "attention-audit.yml")
    filled = Template(workflow).substitute(package=_word(package), options=" ".join(options))
    claims = _CLAIMS_HEADING + _text("default_claims.toml")
    files = {PurePosixPath("audits", name): _text("audits", name) for name in _audit_names()}
    every = files | {CLAIMS: claims, WORKFLOW: filled}
    return {path: content.encode() for path, content in every.items()}


def _audit_names() -> list[str]:
    """The audits and their conftest; what makes them a package is of no use elsewhere."""
    names = (item.name for item in (resources.files("attnaudit") / "audits").iterdir())
    return sorted(name for name in names if name.endswith(".py") and name != "__init__.py")


def _text(*parts: str) -> str:
    return resources.files("attnaudit").joinpath(*parts).read_text(encoding="utf-8")


def _word(value: str) -> str:
    """One word of a shell command in a workflow."""
    if not value or not value.isprintable() or "${{" in value:
        raise UsageError(
            f"{value!r} cannot stand in a workflow: it needs characters that are printed on one "
            "line, and none that a pipeline replaces (${{)"
        )
    return shlex.quote(value)
