"""One document as one line of JSON, and the digest of many."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict

from attnaudit.errors import DataError
from attnaudit.records import Document


def document_line(document: Document) -> bytes:
    """The document as one UTF-8 line of JSON, fields in their fixed order, absent ones left out.

    Args:
        document: Any document.

    Returns:
        The line with its line end.

    Raises:
        DataError: If a text holds half a character and so cannot be written.
    """
    fields = {name: value for name, value in asdict(document).items() if value is not None}
    try:
        return f"{json.dumps(fields, ensure_ascii=False)}\n".encode()
    except UnicodeEncodeError as error:
        raise DataError(
            f"document {document.id!a} holds half of a surrogate pair ({error.reason}). "
            "Mend its text."
        ) from error


def documents_digest(documents: Iterable[Document]) -> str:
    """sha256 over all fields of all documents, in their order.

    Args:
        documents: Documents.

    Returns:
        64 hexadecimal digits; equal exactly for equal documents in equal order.

    Raises:
        DataError: If a text holds half a character.
    """
    digest = hashlib.sha256()
    for document in documents:
        digest.update(document_line(document))
    return digest.hexdigest()
