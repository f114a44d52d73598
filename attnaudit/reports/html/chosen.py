"""What is shown of each exhibit: its pictures, and which documents."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from attnaudit.reports.html.exhibits import Exhibit, finished
from attnaudit.reports.html.known import AGREEMENT
from attnaudit.reports.html.picture import Picture
from attnaudit.reports.html.pictures import needed, pictures
from attnaudit.reports.html.series import Column, read_columns, read_described
from attnaudit.reports.html.word_counts import count_words
from attnaudit.reports.html.worst import worst
from attnaudit.reports.known import DIVERGENCE
from attnaudit.store.directory import RunDirectory
from attnaudit.store.parts import Parts
from attnaudit.store.run import ModelEntry


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """What one document has of the quantity of an exhibit.

    Attributes:
        number: The value; NaN where there is none.
        undefined: Why there is none, or None.
    """

    number: float
    undefined: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """An exhibit with its pictures, and its documents by index, not yet read.

    Attributes:
        exhibit: What is shown.
        pictures: Drawings of it.
        values: What each chosen document has of it, the worst first.
    """

    exhibit: Exhibit
    pictures: tuple[Picture, ...]
    values: Mapping[int, Value]


class Chooser:
    """Draws and chooses for the exhibits of one model at one site."""

    def __init__(self, entry: ModelEntry, directory: RunDirectory, *, most: int) -> None:
        """Read what pictures need to know of every document.

        Args:
            entry: A model of the run.
            directory: Where the run keeps what it measured.
            most: Documents shown for one exhibit.

        Raises:
            UsageError: If the directory lacks something that the run names.
            InternalError: If stored tables contradict each other.
        """
        self._entry, self._directory, self._most = entry, directory, most
        self._documents = directory.documents(entry.documents_key)
        finished(self._documents, f"the documents of {entry.name}")
        self._described = read_described(self._documents, entry)

    def choose(self, audit: str, exhibits: Sequence[Exhibit], *, salt: str) -> Iterator[Chosen]:
        """Pictures and worst documents of some exhibits; each measurement is read once.

        Args:
            audit: Name of their audit.
            exhibits: Those of one measurement stand together.
            salt: Different for every audit of a page.

        Raises:
            InternalError: If stored tables contradict each other.
        """
        for label, group in groupby(exhibits, key=lambda exhibit: exhibit.measurement):
            alike = tuple(group)
            values = self._measurement(label)
            quantities = frozenset[str]().union(*(needed(one, audit) for one in alike))
            columns = read_columns(values, self._described, quantities)
            # All exhibits of one measurement have the same search beside them; the first
            # has the words, which are the same too.
            searched = self._searched(alike[0])
            words = count_words(self._documents, values) if audit == AGREEMENT else None
            for number, one in enumerate(alike):
                drawn = pictures(
                    one,
                    audit,
                    columns,
                    self._described,
                    classes=self._entry.classes,
                    salt=f"{salt} {label} {one.quantity} {one.direction}",
                    searched=searched,
                    words=words if number == 0 else None,
                )
                chosen = self._worst(one, columns.get(one.quantity))
                yield Chosen(exhibit=one, pictures=drawn, values=chosen)

    def _worst(self, exhibit: Exhibit, column: Column | None) -> dict[int, Value]:
        if column is None:
            return {}
        return {
            index: Value(number=float(column.value[index]), undefined=column.undefined.get(index))
            for index in worst(column, direction=exhibit.direction, most=self._most)
        }

    def _searched(self, exhibit: Exhibit) -> Column | None:
        if exhibit.search is None:
            return None
        searched = read_columns(self._measurement(exhibit.search), self._described, {DIVERGENCE})
        return searched.get(DIVERGENCE)

    def _measurement(self, label: str) -> Parts:
        return self._directory.measurement(self._entry.measurements[label])
