"""Short film reviews from a template grammar, each with exactly one word of evidence."""

import random
from collections.abc import Iterator

from attnaudit.models.planted import NEGATIVE_WORDS, POSITIVE_WORDS
from attnaudit.records import Document

_COUNT = 300
_LEAST_WORDS, _MOST_WORDS = 6, 30

# Every word of these is neutral or a slot: {e} is the evidence, {n} a thing, {p} a place or time.
_OPENINGS = (
    "the {e} {n} plays over the {p}",
    "their {n} walks through the {e} {p}",
    "the director watches the {e} {n}",
    "there the {n} plays with {e} light",
)
_CLAUSES = (
    "while the {n} walks around the {p}",
    "because the {n} plays before the {p}",
    "where the {n} watches the {p}",
    "after the {n} from the {p}",
    "during the {p}",
    "with the {n}",
    "about the {p} again",
    "between the {n} from the {p}",
    "later under the {p}",
    "through their {n}",
)
_THINGS = (
    *("camera", "family", "film", "light", "movie", "music", "people", "role", "scene"),
    *("script", "sound", "story"),
)
_PLACES = (
    *("city", "evening", "house", "morning", "screen", "street", "summer", "time", "town"),
    *("window", "winter", "year"),
)


def sentences() -> tuple[Document, ...]:
    """The corpus of the embedded model, the same in every call.

    Returns:
        300 documents of 6 to 30 words, "positive" and "negative" in turn, each by its one
        evidence word; every other word is neutral to that model.
    """
    draw = random.Random(20190603)  # noqa: S311  # nothing here is a secret
    return tuple(_documents(draw))


def _documents(draw: random.Random) -> Iterator[Document]:
    seen: set[str] = set()
    while len(seen) < _COUNT:
        positive = len(seen) % 2 == 0
        words = _words(draw, draw.choice(POSITIVE_WORDS if positive else NEGATIVE_WORDS))
        text = " ".join(words)
        if text in seen or not _LEAST_WORDS <= len(words) <= _MOST_WORDS:
            continue
        seen.add(text)
        yield Document(
            id=f"review-{len(seen):03}", text=text, label="positive" if positive else "negative"
        )


def _words(draw: random.Random, evidence: str) -> list[str]:
    clauses = draw.sample(_CLAUSES, k=draw.randint(0, 4))
    template = " ".join([draw.choice(_OPENINGS), *clauses])
    return [_filled(draw, word, evidence) for word in template.split()]


def _filled(draw: random.Random, word: str, evidence: str) -> str:
    slots = {"{e}": (evidence,), "{n}": _THINGS, "{p}": _PLACES}
    return draw.choice(slots.get(word, (word,)))
