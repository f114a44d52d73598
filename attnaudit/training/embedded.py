"""The model, documents and claims that the package carries for a first look.

`python -m attnaudit.training.embedded` writes them again, byte for byte.
"""

import sys
from importlib import resources
from pathlib import Path

import torch

from attnaudit.data.audit_file import FILE_NAME, AuditFile, write_audit_file
from attnaudit.data.digest import documents_digest
from attnaudit.data.write import write_documents
from attnaudit.files import write_whole
from attnaudit.models.directory import save_model
from attnaudit.models.planted import faithful_model
from attnaudit.training.sentences import sentences

_CLAIMS_FILE = "claims.toml"
_DOCUMENTS_FILE = "documents.jsonl"

_HEADER = """\
# True of this model by construction: every document has one word that decides, and the model
# attends to it. These are the package's default claims.
"""


def write_embedded(directory: Path) -> None:
    """Write the embedded model directory; the same bytes in every call.

    Args:
        directory: Where to, made if need be.

    Raises:
        DataError: If it cannot be written to.
    """
    documents = sentences()
    model = faithful_model().to(device=torch.device("cpu"), dtype=torch.float32)
    save_model(model, directory)
    write_documents(directory / _DOCUMENTS_FILE, documents)
    write_audit_file(
        directory / FILE_NAME,
        AuditFile(documents=_DOCUMENTS_FILE, digest=documents_digest(documents)),
    )
    write_whole(directory / _CLAIMS_FILE, _claims().encode())


def _claims() -> str:
    default = (resources.files("attnaudit") / "default_claims.toml").read_text(encoding="utf-8")
    _, start, claims = default.partition("schema = 1")
    return _HEADER + start + claims


if __name__ == "__main__":
    place = Path(str(resources.files("attnaudit") / "embedded"))
    write_embedded(place)
    sys.stdout.write(f"wrote {place}\n")
