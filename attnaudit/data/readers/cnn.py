"""CNN and Daily Mail reading comprehension, anonymised: one .question file per question."""

import re
from collections.abc import Iterator
from pathlib import Path

from attnaudit.data.readers.layout import entries, holdings, split_folders
from attnaudit.data.readers.row import Row
from attnaudit.data.readers.whole_text import whole_text
from attnaudit.errors import DataError

_EXTENSION = ".question"
_SPLITS = {"training": "train", "validation": "dev", "test": "test"}
_PARTS = ("url", "passage", "question", "answer", "entities")
_PLACEHOLDER = "@placeholder"
_LISTED = re.compile(r"(?P<entity>@entity[0-9]+):.*")


def read_cnn(path: Path) -> Iterator[Row]:
    """Questions: the text is the passage, the second text the question with its @placeholder.

    The label is the entity that fills the placeholder, for example "@entity3". Only entities that
    occur in the passage can be the answer; a model of two texts takes them as its candidates by the
    rule "mentioned". Passage and question are published as words with blanks between, so the
    tokenizer "whitespace" splits them as they were meant to be.

    Args:
        path: The published folder `questions` with training, validation and test; one of these
            three, whose questions then have no split; or one .question file, `.gz` or not.

    Yields:
        One row per question, called by its file.

    Raises:
        DataError: If a folder holds no question, a file does not have the published parts, its
            answer is not among the entities listed or does not occur in the passage, or a link
            leads out of the folder.

    Source:
        Hermann et al. (2015).
    """
    if not path.is_dir():
        yield Row(1, "line 1", _question(path))
        return
    number = 0
    for folder, split in split_folders(path, _SPLITS):
        for file in _files(folder, root=path):
            number += 1
            yield Row(number, f"{file.relative_to(path)}", {**_question(file), "split": split})


def _files(folder: Path, *, root: Path) -> list[Path]:
    found = [
        path
        for path in entries(folder, root=root)
        if path.name.removesuffix(".gz").endswith(_EXTENSION)
    ]
    if not found:
        raise DataError(
            f"{folder} has no {_EXTENSION} file; it holds {holdings(folder)}. Name the folder "
            "`questions` with training, validation and test, one of these, or one file."
        )
    return found


def _question(path: Path) -> dict[str, object]:
    text = whole_text(path, encoding="utf-8").replace("\r\n", "\n")
    parts = text.strip("\n").split("\n\n")
    if len(parts) != len(_PARTS):
        raise DataError(
            f"{path} has {len(parts)} parts with blank lines between; a {_EXTENSION} file has "
            f"{len(_PARTS)}: {', '.join(_PARTS)}. It is cut off or in another format: fetch it "
            "again."
        )
    _, passage, question, answer, listed = parts
    if _PLACEHOLDER not in question.split():
        raise DataError(
            f"{path} asks {ascii(question)[:80]}, without the word {_PLACEHOLDER}. Only the "
            "anonymised questions are read: fetch the file again."
        )
    _check_answer(answer, passage=passage, listed=_entities(listed, path=path), path=path)
    stem = path.name.removesuffix(".gz").removesuffix(_EXTENSION)
    return {"id": stem, "text": passage, "text2": question, "label": answer}


def _entities(listed: str, *, path: Path) -> frozenset[str]:
    matches = {line: _LISTED.fullmatch(line) for line in listed.split("\n")}
    strange = next((line for line, match in matches.items() if match is None), None)
    if strange is not None:
        raise DataError(
            f"{path} lists {ascii(strange)[:40]} among its entities; each is spelled "
            "@entity<number>:<name>. The file is cut off or in another format: fetch it again."
        )
    return frozenset(match["entity"] for match in matches.values() if match)


def _check_answer(answer: str, *, passage: str, listed: frozenset[str], path: Path) -> None:
    if answer not in listed:
        raise DataError(
            f"{path} has the answer {ascii(answer)[:40]}, which is not among the {len(listed)} "
            "entities listed at its end. It is cut off or in another format: fetch it again."
        )
    if answer not in passage.split():
        raise DataError(
            f"{path} has the answer {answer}, which does not occur in the passage, so no candidate "
            "would be right. Fetch the file again, or remove it."
        )
