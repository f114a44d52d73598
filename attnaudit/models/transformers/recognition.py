"""Which directories hold a transformers classifier. Needs neither torch nor transformers."""

from pathlib import Path

from attnaudit.errors import ModelError
from attnaudit.models.configuration import CONFIGURATION_FILE
from attnaudit.models.transformers.safety import check_safe, read_fields


def is_transformer(path: Path) -> bool:
    """Whether `config.json` of a directory is one that the transformers library writes.

    Args:
        path: A model directory.

    Returns:
        False also where there is no such file or it cannot be read: whoever reads it as another
        format will say what is wrong with it.
    """
    try:
        fields = read_fields(path)
    except ModelError:
        return False
    return "model_type" in fields and "format" not in fields


def check_directory(path: Path) -> None:
    """Raise unless a directory holds a whole sequence classifier that is safe to open.

    Args:
        path: A directory for which `is_transformer` holds.

    Raises:
        ModelError: If its network is not for sequence classification, or it is not safe to open,
            as `check_safe` tells.
    """
    names = read_fields(path).get("architectures")
    named = names if isinstance(names, list) else []
    if not any(str(name).endswith("ForSequenceClassification") for name in named):
        raise ModelError(
            f"{CONFIGURATION_FILE} of {path} names the network "
            f"{', '.join(map(str, named)) or 'not at all'}, which is no sequence classifier. "
            "Fine-tune it with a classification head and save that."
        )
    check_safe(path)
