"""Everything that a page shows of a run, read from its directory in few passes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from attnaudit.reports.html.documents import Card, card, read_rows, read_witnesses, worst
from attnaudit.reports.html.exhibits import Exhibit, Section, finished, sections
from attnaudit.reports.html.pictures import Picture, needed, pictures
from attnaudit.reports.html.series import Described, read_columns, read_described
from attnaudit.store.directory import RunDirectory
from attnaudit.store.run import ModelEntry, Run

MOST_CARDS = 20
"""Documents shown for one exhibit."""
MOST_CARDS_IN_ALL = 120
"""Documents shown on a page, so that it stays small however much was audited."""

_ADVERSARY = "adversary"


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """An exhibit with everything that is seen of it."""

    exhibit: Exhibit
    pictures: tuple[Picture, ...]
    cards: tuple[Card, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Gathered:
    """A section with its exhibits."""

    section: Section
    shown: tuple[Shown, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Chosen:
    """An exhibit whose documents are chosen, by index, and not yet read."""

    exhibit: Exhibit
    pictures: tuple[Picture, ...]
    values: Mapping[int, float]


def gather(run: Run, directory: RunDirectory) -> tuple[Gathered, ...]:
    """The sections of a run, those with the worst outcome first.

    Tables are read part by part. What is held of a document are a few numbers, and all of the few
    that are shown.

    Args:
        run: What was decided.
        directory: Where it keeps what it measured.

    Raises:
        UsageError: If the directory lacks something that the run names.
        InternalError: If stored tables contradict each other.
    """
    found = sections(run, directory)
    exhibits = sum(len(section.exhibits) for section in found)
    most = min(MOST_CARDS, max(1, MOST_CARDS_IN_ALL // max(1, exhibits)))
    seen: dict[int, tuple[Shown, ...]] = {}
    for entry in run.models:
        numbers = [
            number
            for number, section in enumerate(found)
            if section.exhibits and (section.model, section.site) == (entry.name, entry.site)
        ]
        if not numbers:
            continue
        described = _described(entry, directory)
        chosen = {
            number: tuple(
                _choose(found[number], entry, described, directory, salt=str(number), most=most)
            )
            for number in numbers
        }
        every = tuple(one for some in chosen.values() for one in some)
        cards = _Cards(entry, directory, {index for one in every for index in one.values})
        for number in numbers:
            seen[number] = tuple(cards.show(one) for one in chosen[number])
    return tuple(
        Gathered(section=section, shown=seen.get(number, ()))
        for number, section in enumerate(found)
    )


def _described(entry: ModelEntry, directory: RunDirectory) -> Described:
    documents = directory.documents(entry.documents_key)
    finished(documents, f"the documents of {entry.name}")
    return read_described(documents, entry)


def _choose(
    section: Section,
    entry: ModelEntry,
    described: Described,
    directory: RunDirectory,
    *,
    salt: str,
    most: int,
) -> Iterator[_Chosen]:
    """Pictures and worst documents of the exhibits; each measurement is read once."""
    for label, group in groupby(section.exhibits, key=lambda exhibit: exhibit.measurement):
        exhibits = tuple(group)
        quantities = frozenset[str]().union(*(needed(one, section.audit) for one in exhibits))
        values = directory.measurement(entry.measurements[label])
        columns = read_columns(values, described, quantities)
        for one in exhibits:
            column = columns.get(one.quantity)
            indices: Sequence[int] = ()
            if column is not None:
                indices = worst(column.value, direction=one.direction, most=most)
            yield _Chosen(
                exhibit=one,
                pictures=pictures(
                    one,
                    section.audit,
                    columns,
                    described,
                    classes=entry.classes,
                    salt=f"{salt} {label} {one.quantity} {one.direction}",
                ),
                values={index: float(columns[one.quantity].value[index]) for index in indices},
            )


class _Cards:
    """The chosen documents of one model, each read once whatever it is shown for."""

    def __init__(self, entry: ModelEntry, directory: RunDirectory, indices: set[int]) -> None:
        self._classes = entry.classes
        self._rows = read_rows(directory.documents(entry.documents_key), indices)
        measured = {label: directory.measurement(key) for label, key in entry.measurements.items()}
        self._witnesses = {
            label: read_witnesses(values, indices)
            for label, values in measured.items()
            if (values.finished() or {}).get("audit") == _ADVERSARY
        }

    def show(self, chosen: _Chosen) -> Shown:
        """The exhibit with its documents.

        An adversary's exhibit has its own witnesses, any other those of the first adversary.
        """
        first = next(iter(self._witnesses), "")
        own = chosen.exhibit.measurement
        witnesses = self._witnesses.get(own if own in self._witnesses else first, {})
        return Shown(
            exhibit=chosen.exhibit,
            pictures=chosen.pictures,
            cards=tuple(
                card(self._rows[index], witnesses.get(index), value=value, classes=self._classes)
                for index, value in chosen.values.items()
            ),
        )
