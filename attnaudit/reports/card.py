"""The model card of an audited model: metadata and a section, alone or in a README."""

import re

from attnaudit.errors import UsageError
from attnaudit.reports.card_front_matter import merged_metadata
from attnaudit.reports.card_results import evaluation_results
from attnaudit.reports.card_section import card_section
from attnaudit.store.run import Run

BEGIN = "<!-- attnaudit: begin, written by attnaudit card -->"
END = "<!-- attnaudit: end -->"

_FENCE = "---"
_BYTE_ORDER_MARK = "\ufeff"


def updated_card(text: str, run: Run, name: str) -> str:
    """A README with what a run found in its metadata and between two marks of its text.

    Where the marks are missing the section is added at the end. Everything else stays as it is, and
    doing it again changes nothing.

    Args:
        text: The README with its own line ends, or "" for a new one.
        run: What was decided.
        name: A model of it.

    Raises:
        UsageError: If the metadata or the marks are not as expected.
    """
    end_of_line = "\r\n" if "\r\n" in text else "\n"
    head, metadata, tail = _parted(text, end_of_line)
    results = evaluation_results(run, name)
    merged = merged_metadata(metadata, results, name=name, end_of_line=end_of_line)
    section = f"{BEGIN}\n{card_section(run, name)}{END}\n".replace("\n", end_of_line)
    return head + merged + _with_section(tail, section, end_of_line)


def _parted(text: str, end_of_line: str) -> tuple[str, str, str]:
    """The first line of hyphens, the metadata, and the rest beginning with the second such line."""
    lines = _lines(text)
    if not lines or lines[0].removeprefix(_BYTE_ORDER_MARK).rstrip() != _FENCE:
        fence = f"{_FENCE}{end_of_line}"
        mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
        rest = text.removeprefix(mark)
        return f"{mark}{fence}", "", f"{fence}{end_of_line}{rest}"
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            return lines[0], "".join(lines[1:number]), "".join(lines[number:])
    raise UsageError(
        f"the README begins with {_FENCE}, as metadata do, and no second such line ends them; add "
        "that line"
    )


def _with_section(text: str, section: str, end_of_line: str) -> str:
    lines = _lines(text)
    begins = [number for number, line in enumerate(lines) if line.strip() == BEGIN]
    ends = [number for number, line in enumerate(lines) if line.strip() == END]
    if not begins and not ends:
        last = lines[-1]
        gap = end_of_line * (2 if not last.endswith("\n") else 1 if last.strip() else 0)
        return f"{text}{gap}{section}"
    if len(begins) != 1 or len(ends) != 1 or ends[0] < begins[0]:
        raise UsageError(
            f"the README has {len(begins)} lines {BEGIN!r} and {len(ends)} lines {END!r}; there "
            "should be one of each, in this order, or none"
        )
    return "".join([*lines[: begins[0]], section, *lines[ends[0] + 1 :]])


def _lines(text: str) -> list[str]:
    """Lines with their ends; only line feeds end them, as in Markdown."""
    return [line for line in re.split(r"(?<=\n)", text) if line]
