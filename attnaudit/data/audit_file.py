"""audit.toml: which documents a model directory asks to be audited on."""

import tomllib
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from attnaudit.data import catalog
from attnaudit.data.digest import documents_digest
from attnaudit.data.read import read_documents
from attnaudit.data.split import select_split
from attnaudit.errors import DataError
from attnaudit.records import Document

FILE_NAME = "audit.toml"


class AuditFile(BaseModel):
    """The content of audit.toml: a catalog name, or a file inside the model directory.

    Attributes:
        data: Name of a catalog data set.
        documents: Name of a file beside audit.toml. It may not lead out of the directory.
        split: Which split to audit, where the documents have splits.
        digest: `documents_digest` of the chosen documents, checked where given.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    data: str | None = None
    documents: str | None = None
    split: str = "test"
    digest: str | None = None

    @model_validator(mode="after")
    def _names_one_source(self) -> Self:
        if (self.data is None) == (self.documents is None):
            raise ValueError("give either data (a catalog name) or documents (a file beside it)")
        return self


def read_audit_file(path: Path) -> AuditFile:
    """Read audit.toml.

    Raises:
        DataError: If it is no TOML, or holds anything but the documented keys.
    """
    try:
        return AuditFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise DataError(
            f"{path} cannot be read: {error}; write it again, or pass --data"
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "the file"
        raise DataError(
            f"{path}: {key}: {first['msg']}; known keys are {', '.join(AuditFile.model_fields)}"
        ) from error


def write_audit_file(path: Path, audit_file: AuditFile) -> None:
    """Write audit.toml."""
    lines = [
        f'{key} = "{value}"\n' for key, value in audit_file.model_dump(exclude_none=True).items()
    ]
    path.write_text("".join(lines), encoding="utf-8")


def read_audited_documents(audit_file: AuditFile, directory: Path) -> tuple[Document, ...]:
    """The documents that an audit.toml in `directory` names.

    Raises:
        DataError: If the source is unknown, leads out of the directory, or has changed since
            audit.toml was written.
        MissingExtraError: If it is on a hub and the extra "datasets" is not installed.
    """
    documents = select_split(read_documents(_source(audit_file, directory)), audit_file.split)
    digest = documents_digest(documents)
    if audit_file.digest is not None and digest != audit_file.digest:
        raise DataError(
            f"the documents named by {directory / FILE_NAME} have digest {digest[:12]}, "
            f"which expects {audit_file.digest[:12]}: they are not the documents that the model "
            "came with; restore them, or choose documents with --data"
        )
    return documents


def _source(audit_file: AuditFile, directory: Path) -> str:
    if audit_file.data is not None:
        if audit_file.data not in catalog.names():
            raise DataError(
                f"{directory / FILE_NAME}: unknown data set {audit_file.data!r}; "
                f"the catalog has {', '.join(catalog.names())}"
            )
        return audit_file.data
    path = (directory / str(audit_file.documents)).resolve()
    if not path.is_file():
        raise DataError(
            f"{directory / FILE_NAME}: documents = {audit_file.documents!r} is no file in the "
            "model directory; put the file beside audit.toml"
        )
    if not path.is_relative_to(directory.resolve()):
        raise DataError(
            f"{directory / FILE_NAME}: documents = {audit_file.documents!r} leads out of the model "
            "directory; put the file beside audit.toml"
        )
    return str(path)
