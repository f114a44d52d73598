"""What a fine-tuning begins with, in one number."""

import hashlib
from pathlib import Path

from attnaudit.errors import ModelError, UsageError
from attnaudit.models.transformers.safety import check_safe
from attnaudit.training.vectors import file_digest

_READ = frozenset({".json", ".safetensors", ".txt", ".model"})
"""Of configurations, weights and vocabularies; the library is given nothing else."""


def pretrained_digest(path: Path) -> str:
    """Sha256 over names and contents of the files that decide what is opened.

    Args:
        path: A directory of the transformers library.

    Returns:
        64 hexadecimal digits, the same for the same files wherever they lie.

    Raises:
        UsageError: If there is no such directory, or it cannot be opened safely.
        DataError: If a file cannot be read.
    """
    try:
        check_safe(path)
    except ModelError as error:
        raise UsageError(f"--pretrained {path} cannot be opened: {error}") from error
    digest = hashlib.sha256()
    for one in sorted(path.iterdir()):
        if one.suffix in _READ and one.is_file():
            digest.update(f"{file_digest(one)} {one.name}\n".encode())
    return digest.hexdigest()
