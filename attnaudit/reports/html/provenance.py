"""Where the numbers of a run come from, and the command that makes them again."""

import shlex
from pathlib import PurePath

from attnaudit.claims.files import PACKAGE_DEFAULT
from attnaudit.store.run import Run

_FROM_PYTHON = "python"


def command(run: Run) -> str | None:
    """The command that repeats a run, as far as the run says how it was made.

    Args:
        run: What was decided.

    Returns:
        One line for a shell, or None if a program made the run. Which documents a model brings is
        written in its directory, so the line does not name them.
    """
    sources = list(dict.fromkeys(entry.source for entry in run.models))
    if not sources or _FROM_PYTHON in sources:
        return None
    words = ["pytest", "audits/"]
    for source in sources:
        words += ["--attn-model", source]
    for site in sorted({entry.site for entry in run.models}):
        words += ["--attn-site", site]
    for claims in sorted({entry.claims_source for entry in run.models}):
        # Claims that lie in a model's own directory are found there.
        if claims != PACKAGE_DEFAULT and str(PurePath(claims).parent) not in sources:
            words += ["--attn-claims", claims]
    for dtype in sorted({entry.dtype for entry in run.models}):
        words += ["--attn-dtype", dtype]
    words += ["--attn-seed", str(run.settings.seed)]
    if run.settings.limit is not None:
        words += ["--attn-limit", str(run.settings.limit)]
    return shlex.join(words)
