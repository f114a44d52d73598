"""20 Newsgroups as published: one folder per group, one file per post."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from attnaudit.data.readers.layout import entries, holdings, split_folders
from attnaudit.data.readers.row import Row
from attnaudit.data.readers.whole_text import whole_text
from attnaudit.errors import DataError

_SPLITS = {"20news-bydate-train": "train", "20news-bydate-test": "test"}
_POST = re.compile(r"[0-9]+(\.gz)?")
_GROUPS = (
    *("alt.atheism", "comp.graphics", "comp.os.ms-windows.misc", "comp.sys.ibm.pc.hardware"),
    *("comp.sys.mac.hardware", "comp.windows.x", "misc.forsale", "rec.autos", "rec.motorcycles"),
    *("rec.sport.baseball", "rec.sport.hockey", "sci.crypt", "sci.electronics", "sci.med"),
    *("sci.space", "soc.religion.christian", "talk.politics.guns", "talk.politics.mideast"),
    *("talk.politics.misc", "talk.religion.misc"),
)
_SPORTS = {"rec.sport.baseball": "baseball", "rec.sport.hockey": "hockey"}
_PUBLISHED = (
    "Name a folder with 20news-bydate-train and 20news-bydate-test, or one with a folder per group "
    "and no others."
)


def read_twenty_newsgroups(path: Path) -> Iterator[Row]:
    """Posts labelled by their groups, as many as the folder holds.

    The text is the whole post as it was sent, with headers, quotes and signature: the header names
    the group in most of them, so a model trained on it may need no more than that. (The paper
    takes headers, quotes and footers out; do so before where the content is in question.)

    Args:
        path: A folder with 20news-bydate-train and 20news-bydate-test; or a folder with one folder
            per group (one of these two, or an older release), whose posts then have no split.

    Yields:
        One row per post, called "<folder>-<group>-<number>".

    Raises:
        DataError: If a folder is not one of the twenty groups or holds no post, there is none, or a
            link leads out of the folder.

    Source:
        Lang (1995), the releases 20news-bydate, 20news-19997 and 20news-18828.
    """
    return _posts(path, labels={group: group for group in _GROUPS})


def read_twenty_newsgroups_sports(path: Path) -> Iterator[Row]:
    """The paper's binary task: only baseball and hockey, so labelled; headers are kept here too."""
    return _posts(path, labels=_SPORTS)


def _posts(path: Path, *, labels: Mapping[str, str]) -> Iterator[Row]:
    if not path.is_dir():
        raise DataError(f"{path} is no folder. {_PUBLISHED}")
    number = 0
    for folder, split in split_folders(path, _SPLITS):
        for group in _groups(folder, labels, root=path):
            for post in _files(group, root=path):
                number += 1
                values = {
                    "id": f"{folder.resolve().name}-{group.name}-{post.name.removesuffix('.gz')}",
                    "text": whole_text(post, encoding="latin-1"),
                    "label": labels[group.name],
                    "split": split,
                }
                yield Row(number, f"{post.relative_to(path)}", values)


def _groups(folder: Path, labels: Mapping[str, str], *, root: Path) -> list[Path]:
    found = [path for path in entries(folder, root=root) if path.is_dir()]
    strange = next((path.name for path in found if path.name not in _GROUPS), None)
    if strange is not None:
        raise DataError(
            f"{folder} holds a folder {ascii(strange)[:40]}, which is not one of the twenty groups "
            f"({', '.join(_GROUPS[:3])} and so on). {_PUBLISHED}"
        )
    chosen = [path for path in found if path.name in labels]
    if not chosen:
        raise DataError(
            f"{folder} has no folder of the groups {', '.join(list(labels)[:3])}"
            f"{' and so on' if len(labels) > 3 else ''}; it holds {holdings(folder)}. {_PUBLISHED}"
        )
    return chosen


def _files(group: Path, *, root: Path) -> list[Path]:
    found = [path for path in entries(group, root=root) if _POST.fullmatch(path.name)]
    if not found:
        raise DataError(
            f"{group} has no post; it holds {holdings(group)}. A post is a file called by its "
            "number: unpack the archive again, or remove the folder."
        )
    return found
