"""From rows of the hub to the documents that the readers of the published files give."""

from dataclasses import replace

from attnaudit.data.readers.ag_news import without_backslashes
from attnaudit.data.readers.imdb import without_line_breaks
from attnaudit.data.readers.sst import unescaped
from attnaudit.records import Document


def review(document: Document) -> Document:
    """An IMDB review as the reader of aclImdb gives it."""
    return replace(document, text=without_line_breaks(str(document.text)))


def article(document: Document) -> Document:
    """An article of AG News, its line breaks undone as by the reader of the csv."""
    return replace(document, text=without_backslashes(str(document.text)))


def world_or_business(document: Document) -> Document | None:
    """An article of one of the two topics, or None."""
    return article(document) if document.label in {"World", "Business"} else None


def pair(document: Document) -> Document:
    """A premise with its hypothesis, as it is."""
    return document


def sentence(document: Document) -> Document:
    """A sentence of the treebank in its own words, labelled as by the reader of trees."""
    words = tuple(map(unescaped, str(document.text).split(" ")))
    label = "1" if document.label == "positive" else "0"
    return replace(document, text=None, tokens=words, label=label)
