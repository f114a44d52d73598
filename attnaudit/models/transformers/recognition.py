"""Which directories hold a transformers classifier. Needs neither torch nor transformers."""

import json
from collections.abc import Mapping
from pathlib import Path

from attnaudit.errors import ModelError
from attnaudit.models.configuration import CONFIGURATION_FILE
from attnaudit.models.members import open_member, read_member

_MOST_BYTES = 2**20
_INDEX_FILE = "model.safetensors.index.json"
_MOST_INDEX_BYTES = 2**25


def is_transformer(path: Path) -> bool:
    """Whether `config.json` of a directory is one that the transformers library writes.

    Args:
        path: A model directory.

    Returns:
        False also where there is no such file or it cannot be read: whoever reads it as another
        format will say what is wrong with it.
    """
    try:
        fields = _fields(path)
    except ModelError:
        return False
    return "model_type" in fields and "format" not in fields


def check_directory(path: Path) -> None:
    """Raise unless a directory holds a whole sequence classifier that is safe to open.

    Args:
        path: A directory for which `is_transformer` holds.

    Raises:
        ModelError: If its network is not for sequence classification, is quantised, is an adapter
            of weights that lie elsewhere, needs code of its own, or has its weights as pickles;
            or if a file is a link that leads out of the directory.
    """
    fields = _fields(path)
    where = f"{CONFIGURATION_FILE} of {path}"
    names = fields.get("architectures")
    named = names if isinstance(names, list) else []
    if not any(str(name).endswith("ForSequenceClassification") for name in named):
        raise ModelError(
            f"{where} names the network {', '.join(map(str, named)) or 'not at all'}, which is no "
            "sequence classifier. Fine-tune it with a classification head and save that."
        )
    for key, meaning in (
        ("auto_map", "brings code of its own, which is never run"),
        ("quantization_config", "is quantised, so its output is not that of the network trained"),
    ):
        if key in fields:
            raise ModelError(
                f"{where}: the model {meaning} ({key}). Save it with an architecture of the "
                "transformers library, in full precision."
            )
    if (path / "adapter_config.json").exists():
        raise ModelError(
            f"{path} holds an adapter (adapter_config.json), whose base model lies elsewhere. "
            "Merge the adapter into its base model and save the whole."
        )
    _check_files(path)


def _fields(path: Path) -> Mapping[str, object]:
    content = read_member(path, CONFIGURATION_FILE, most_bytes=_MOST_BYTES)
    try:
        fields = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ModelError(
            f"{CONFIGURATION_FILE} of {path} is not JSON: {error}. Save the model again."
        ) from error
    if not isinstance(fields, Mapping):
        raise ModelError(
            f"{CONFIGURATION_FILE} of {path} must be a JSON object; found "
            f"{type(fields).__name__}. Save the model again."
        )
    return fields


def _check_files(path: Path) -> None:
    # Whoever made the directory may have put a link or a pipe where a file should be.
    for member in sorted(path.iterdir()):
        if member.is_symlink() or not member.is_dir():
            open_member(path, member.name).close()
    if (path / _INDEX_FILE).exists():
        _check_shards(path)
        return
    if not (path / "model.safetensors").exists():
        raise ModelError(
            f"{path} has no model.safetensors. Save the model with save_pretrained(); weights "
            "that are pickles are never read, since opening one can run any code."
        )


def _check_shards(path: Path) -> None:
    content = read_member(path, _INDEX_FILE, most_bytes=_MOST_INDEX_BYTES)
    try:
        names = set(json.loads(content)["weight_map"].values())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ModelError(
            f"{_INDEX_FILE} of {path} does not say which file holds which weight: "
            f"{type(error).__name__}. Save the model again."
        ) from error
    for name in sorted(map(str, names)):
        if Path(name).name != name:
            raise ModelError(
                f"{_INDEX_FILE} of {path} names the file {name!r:.80}, which lies elsewhere and is "
                "never followed. Save the model again."
            )
        open_member(path, name).close()
