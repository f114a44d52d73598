"""The bAbI file format: numbered sentences, and questions about the story so far."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from attnaudit.data.readers.lines import read_lines
from attnaudit.data.readers.row import Row
from attnaudit.errors import DataError

_NUMBERED = re.compile(r"(?P<number>[1-9][0-9]{0,5}) (?P<text>.*)")
_CELLS_BEHIND_A_QUESTION = 2


@dataclass(slots=True)
class _Story:
    """What was told so far: words with full stops between sentences, and where each one stands."""

    number: int = 0
    last: int = 0
    words: list[str] = field(default_factory=list)
    spans: dict[int, tuple[int, int]] = field(default_factory=dict)

    def tell(self, number: int, words: list[str]) -> None:
        if self.words:
            self.words.append(".")
        self.spans[number] = (len(self.words), len(self.words) + len(words))
        self.words.extend(words)


def questions(path: Path) -> Iterator[Row]:
    """Every question of a file as a row.

    The text is every statement told before in the same story, without the questions between. As
    in the paper's preparation, a full stop stands as a word of its own between two sentences and
    none at the end, and the question has lost its question mark. The rationale spans the words of
    the supporting sentences, in the order of the story. The id is
    "<file name>-<story>-<line of the story>", both from 1.

    Args:
        path: Lines "<number> <sentence>." and "<number> <question>?<tab><answer><tab><numbers of
            the supporting sentences>"; the number is 1 where a new story begins. `.gz` or not.

    Yields:
        One row per question, with id, text, tokens, text2, label and rationale.

    Raises:
        DataError: If a line has another form, its number does not follow the one before, or a
            supporting sentence was not told before.

    Source:
        Weston et al. (2015); full stops and question marks as in the preparation of Jain & Wallace
        (2019).
    """
    stem = Path(path.name.removesuffix(".gz")).stem
    story = _Story()
    count = 0
    for line_number, line in read_lines(path):
        if not line.strip():
            continue
        where = f"line {line_number}"
        place = f"{path}, {where}"
        number, text = _numbered(line, story, place=place)
        if number == 1:
            story = _Story(number=story.number + 1)
        story.last = number
        question, *cells = text.split("\t")
        if not cells:
            story.tell(number, _words(question, end=".", place=place))
            continue
        count += 1
        label, support = _answer(cells, place=place)
        yield Row(
            count,
            where,
            {
                "id": f"{stem}-{story.number}-{number}",
                "text": " ".join(story.words),
                "tokens": list(story.words),
                "text2": " ".join(_words(question, end="?", place=place)),
                "label": label,
                "rationale": _spans(support, story, place=place),
            },
        )


def _numbered(line: str, story: _Story, *, place: str) -> tuple[int, str]:
    matched = _NUMBERED.fullmatch(line.rstrip("\r\n"))
    if matched is None:
        raise DataError(
            f"{place} is {line[:40]!a}; a bAbI line is a number, a blank and a sentence. Name "
            "a file of the tasks v1.2 as it was published."
        )
    number = int(matched["number"])
    if number not in (1, story.last + 1):
        after = f"follows {story.last}" if story.last else "begins the file"
        raise DataError(
            f"{place} has the number {number}, which {after}; the lines of a story are numbered 1, "
            "2, 3 and so on. Lines are missing: fetch the file again."
        )
    return number, matched["text"]


def _words(sentence: str, *, end: str, place: str) -> list[str]:
    spelled = sentence.strip()
    words = spelled.removesuffix(end).split()
    if not spelled.endswith(end) or not words:
        kind = "statement" if end == "." else "question"
        raise DataError(
            f"{place} is a {kind} that does not end in {end!r}: {spelled[-40:]!a}. The line "
            "is cut off or in another format: fetch the file again."
        )
    return words


def _answer(cells: list[str], *, place: str) -> tuple[str, str]:
    if len(cells) != _CELLS_BEHIND_A_QUESTION or not cells[0].strip():
        raise DataError(
            f"{place} is a question followed by {ascii(cells)[:60]}; behind a tab stands its "
            "answer, and behind another the numbers of the supporting sentences. The line is cut "
            "off or in another format: fetch the file again."
        )
    return cells[0].strip(), cells[1]


def _spans(support: str, story: _Story, *, place: str) -> list[list[int]]:
    told = {str(number): span for number, span in story.spans.items()}
    strange = next((number for number in support.split() if number not in told), None)
    if strange is not None:
        raise DataError(
            f"{place} names {ascii(strange)[:20]} as a supporting sentence; the statements told "
            f"before it in this story are {', '.join(told) or 'none'}. Fetch the file again."
        )
    return [list(span) for span in sorted({told[number] for number in support.split()})]
