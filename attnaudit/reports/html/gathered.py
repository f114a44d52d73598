"""Everything that a page shows of a run, read from its directory in few passes."""

from dataclasses import dataclass
from itertools import accumulate

from attnaudit.reports.html.cards import Cards
from attnaudit.reports.html.chosen import Chooser
from attnaudit.reports.html.documents import Card
from attnaudit.reports.html.exhibits import Exhibit, Section, sections
from attnaudit.reports.html.picture import Picture
from attnaudit.store.directory import RunDirectory
from attnaudit.store.run import ModelEntry, Run

MOST_EXHIBITS = 24
"""Exhibits with pictures and documents on a page; the pictures of one take up to 150 kB."""
MOST_CARDS = 20
"""Documents shown for one exhibit."""
MOST_CARDS_IN_ALL = 120
"""Documents shown on a page, so that it stays small however much was audited."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """An exhibit with everything that is seen of it.

    Attributes:
        exhibit: What is shown.
        pictures: Drawings of it.
        cards: The documents that speak most against its claims.
        left_out: Whether the page has no room for pictures and documents of it.
    """

    exhibit: Exhibit
    pictures: tuple[Picture, ...] = ()
    cards: tuple[Card, ...] = ()
    left_out: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Gathered:
    """A section with its exhibits."""

    section: Section
    shown: tuple[Shown, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Placed:
    """A section with how many of its exhibits, the first ones, the page has room for."""

    section: Section
    room: int


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
    *before, exhibits = accumulate((len(one.exhibits) for one in found), initial=0)
    placed = [
        _Placed(section=section, room=max(0, MOST_EXHIBITS - number))
        for section, number in zip(found, before, strict=True)
    ]
    most = min(MOST_CARDS, MOST_CARDS_IN_ALL // max(1, min(exhibits, MOST_EXHIBITS)))
    seen: dict[int, tuple[Shown, ...]] = {}
    for entry in run.models:
        own = {
            number: one
            for number, one in enumerate(placed)
            if (one.section.model, one.section.site) == (entry.name, entry.site)
        }
        seen |= _shown(own, entry, directory, most=most)
    return tuple(
        Gathered(section=section, shown=seen.get(number, ()))
        for number, section in enumerate(found)
    )


def _shown(
    placed: dict[int, _Placed], entry: ModelEntry, directory: RunDirectory, *, most: int
) -> dict[int, tuple[Shown, ...]]:
    """The exhibits of each section of one model, by the section's number."""
    drawn = {number: one.section.exhibits[: one.room] for number, one in placed.items()}
    left_out = {
        number: tuple(
            Shown(exhibit=exhibit, left_out=True) for exhibit in one.section.exhibits[one.room :]
        )
        for number, one in placed.items()
    }
    if not any(drawn.values()):
        return left_out
    chooser = Chooser(entry, directory, most=most)
    chosen = {
        number: tuple(chooser.choose(placed[number].section.audit, some, salt=str(number)))
        for number, some in drawn.items()
    }
    every = (one for some in chosen.values() for one in some)
    cards = Cards(entry, directory, {index for one in every for index in one.values})
    return {
        number: (
            *(
                Shown(exhibit=one.exhibit, pictures=one.pictures, cards=cards.of(one))
                for one in some
            ),
            *left_out[number],
        )
        for number, some in chosen.items()
    }
