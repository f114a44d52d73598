"""What a reader yields: the named values of one record, and where they stand."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a file.

    Attributes:
        number: 1 for the first record; names the document where there is no id column.
        where: The record's place as a person would look it up, for example "line 7".
        values: Column name to value; None where the cell is blank.
    """

    number: int
    where: str
    values: Mapping[str, object]
