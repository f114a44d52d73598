"""AG News: a csv without a header whose cells are class number, title and description."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from attnaudit.data.readers.delimited import records
from attnaudit.data.readers.row import Row
from attnaudit.errors import DataError

_TOPICS = {"1": "World", "2": "Sports", "3": "Business", "4": "Sci/Tech"}
_CELLS = 3


def read_ag_news(path: Path) -> Iterator[Row]:
    """All four topics. The text is the description; the title is not read, as in the paper.

    A backslash stands for a line break in the published file and becomes a space.

    Args:
        path: The published csv, `.gz` or not.

    Yields:
        One row per article, labelled World, Sports, Business or Sci/Tech.

    Raises:
        DataError: If a record is not a class number from 1 to 4, a title and a description.

    Source:
        Zhang, Zhao & LeCun (2015); the choice of cells as in Jain & Wallace (2019).
    """
    return _articles(path, topics=_TOPICS)


def read_ag_news_world_business(path: Path) -> Iterator[Row]:
    """The paper's binary task: only World and Business. The paper counts Business as positive."""
    return _articles(path, topics={number: _TOPICS[number] for number in ("1", "3")})


def without_backslashes(text: str) -> str:
    """An article with a space for each backslash, which stands for a line break."""
    return text.replace("\\", " ")


def _articles(path: Path, *, topics: Mapping[str, str]) -> Iterator[Row]:
    for number, (line, cells) in enumerate(records(path, delimiter=",", quoted=True), start=1):
        if len(cells) != _CELLS:
            raise DataError(
                f"{path}, line {line} has {len(cells)} cells; an AG News record has {_CELLS}: "
                "class number, title, description. Name the reader csv:PATH for a csv with a "
                "header."
            )
        topic, _, description = cells
        if topic not in _TOPICS:
            raise DataError(
                f"{path}, line {line} begins with {topic!r}; an AG News record begins with a "
                f"class number ({', '.join(_TOPICS)})."
            )
        if topic in topics:
            text = without_backslashes(description)
            yield Row(number, f"line {line}", {"text": text, "label": topics[topic]})
