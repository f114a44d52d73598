"""Text from anywhere as Markdown that reads as it was meant and does nothing else."""

import html
import re
from collections.abc import Sequence

from attnaudit.reports.readable import readable

_SPECIAL = re.compile(r"([\\`*_\[\]|~#!@$:])")
# A hub looks for these in the text that is left once escapes have been read: mentions and mail
# addresses, issues by number, names of emoji, and addresses with and without a scheme. Names of
# commits stay whole, as digests must.
_LINKED = re.compile(
    r"""(?<=@)(?=\S) | (?<=\#)(?=\w) | (?<=\bGH)(?=-\d)
    | (?<=:)(?=[\w+\\-]+:) | (?<=:)(?=//) | (?<=www)(?=\.)""",
    re.IGNORECASE | re.VERBOSE,
)
_NO_SPACE = "&#8203;"
_LONGEST_LINE = 2_000


def escaped(text: str) -> str:
    """`text` on one line, as it is meant to be read: no tag, link, mention or column in it.

    What would be linked is broken by a space of no width.
    """
    one_line = readable(" ".join(text.split()), longest=_LONGEST_LINE)
    literal = _SPECIAL.sub(r"\\\1", html.escape(one_line, quote=False))
    return _LINKED.sub(_NO_SPACE, literal)


def table_line(cells: Sequence[str]) -> str:
    """A line of a table; what is in the cells is escaped already."""
    return f"| {' | '.join(cells)} |"
