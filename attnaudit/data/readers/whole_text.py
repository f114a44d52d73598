"""Files that are one text each, packed with gzip or not."""

from pathlib import Path
from typing import Literal

from attnaudit.data.readers.lines import opened
from attnaudit.errors import DataError

MAXIMUM_TEXT = 2**26
"""Bytes that one document may have: far above any document, far below any memory."""


def whole_text(path: Path, *, encoding: Literal["utf-8", "latin-1"]) -> str:
    """All of a file as text; a UTF-8 byte order mark is dropped.

    Args:
        path: An existing file, `.gz` or not.
        encoding: As the data set was published. In Latin-1 every byte is a character, so no file
            can be refused for its encoding.

    Returns:
        The text, line ends as they are.

    Raises:
        DataError: If the file cannot be read, is not in that encoding, or is endless.
    """
    with opened(path) as file:
        content = file.read(MAXIMUM_TEXT + 1)
    if len(content) > MAXIMUM_TEXT:
        raise DataError(
            f"{path} is longer than {MAXIMUM_TEXT} bytes. Is this a text file with one document?"
        )
    try:
        return content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        # The bytes that the error carries begin behind a byte order mark, as the text does.
        before = error.object[: error.start].split(b"\n")
        raise DataError(
            f"{path}, line {len(before)}, byte {len(before[-1]) + 1} is not UTF-8 "
            f"(0x{error.object[error.start]:02x}: {error.reason}). Save the file as UTF-8."
        ) from error
