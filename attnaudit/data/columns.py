"""Which columns hold what, as a user writes it."""

from attnaudit.data.readers.documents import FIELDS
from attnaudit.errors import UsageError


def parse_columns(text: str) -> dict[str, str]:
    """Read "text=review,label=stars".

    Args:
        text: Pairs FIELD=COLUMN with commas between.

    Returns:
        Field to column.

    Raises:
        UsageError: If a part is no such pair, or names an unknown field.
    """
    columns = {}
    for part in text.split(","):
        field, equals, column = (piece.strip() for piece in part.partition("="))
        if not equals or field not in FIELDS or not column:
            raise UsageError(
                f"{part!r} is not FIELD=COLUMN with FIELD one of {', '.join(FIELDS)}. Write for "
                "example text=review,label=stars."
            )
        columns[field] = column
    return columns
