"""Whether a directory may be handed to the transformers library. Needs neither it nor torch.

The library does what the files of a directory say: they may name code, other files, or weights
that are pickles. Whatever does so is refused before the library sees it.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from attnaudit.errors import ModelError
from attnaudit.models.configuration import CONFIGURATION_FILE
from attnaudit.models.members import open_member, read_member

TOKENIZER_FILE = "tokenizer_config.json"
_MOST_BYTES = 2**20
_MOST_TOKENIZER_BYTES = 2**25
_MOST_INDEX_BYTES = 2**25
_ATTENTION = (
    "chooses the code that computes its attention or its experts, which may be a stranger's"
)
_REFUSED = {
    "auto_map": "brings code of its own, which is never run",
    "quantization_config": "is quantised, so its output is not that of the network trained",
    "transformers_weights": "has its weights in a file of its own choice, which may be a pickle",
    "attn_implementation": _ATTENTION,
    "_attn_implementation": _ATTENTION,
    "_attn_implementation_internal": _ATTENTION,
    "experts_implementation": _ATTENTION,
    "_experts_implementation": _ATTENTION,
    "_experts_implementation_internal": _ATTENTION,
}


def read_fields(path: Path) -> Mapping[str, object]:
    """The fields of `config.json`.

    Args:
        path: A model directory.

    Raises:
        ModelError: If there is no such file or it is not a JSON object.
    """
    return _object(path, CONFIGURATION_FILE, most_bytes=_MOST_BYTES)


def check_safe(path: Path) -> None:
    """Raise unless the library can open a directory without running its code or leaving it.

    Args:
        path: A directory of the transformers library, with or without a head.

    Raises:
        ModelError: If it is quantised, is an adapter of weights that lie elsewhere, has its
            weights as pickles, or names code, an implementation of attention or a file to read; or
            if anything in it, at any depth, is a link that leads out of it or no regular file.
    """
    for key in _keys(read_fields(path)):
        if key in _REFUSED:
            raise ModelError(
                f"{CONFIGURATION_FILE} of {path}: the model {_REFUSED[key]} ({key}). Save it with "
                "an architecture of the transformers library, in full precision and without that "
                "key."
            )
    if (path / "adapter_config.json").exists():
        raise ModelError(
            f"{path} holds an adapter (adapter_config.json), whose base model lies elsewhere. "
            "Merge the adapter into its base model and save the whole."
        )
    _check_links(path)
    _check_tokenizer(path)
    _check_weights(path)


def _object(path: Path, name: str, *, most_bytes: int) -> Mapping[str, object]:
    content = read_member(path, name, most_bytes=most_bytes)
    try:
        fields = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{name} of {path} is not JSON: {error}. Save the model again.") from error
    if not isinstance(fields, Mapping):
        raise ModelError(
            f"{name} of {path} must be a JSON object; found {type(fields).__name__}. Save the "
            "model again."
        )
    return fields


def _keys(fields: object) -> Iterator[str]:
    """Keys at any depth: a network inside another has a configuration of its own there.

    One that holds null chooses nothing.
    """
    if isinstance(fields, Mapping):
        for key, value in fields.items():
            if value is not None:
                yield str(key)
            yield from _keys(value)
    elif isinstance(fields, list):
        for value in fields:
            yield from _keys(value)


def _check_links(path: Path) -> None:
    # Whoever made the directory may have put a link or a pipe where a file should be.
    for member in sorted(path.rglob("*")):
        if member.is_symlink() or not member.is_dir():
            open_member(path, str(member.relative_to(path))).close()


def _check_tokenizer(path: Path) -> None:
    if not (path / TOKENIZER_FILE).exists():
        return
    for key, value in _object(path, TOKENIZER_FILE, most_bytes=_MOST_TOKENIZER_BYTES).items():
        # Older releases of the library left one behind, and none of them ever reads it.
        if value is None or key == "special_tokens_map_file":
            continue
        names = value if key.endswith("_files") and isinstance(value, list) else [value]
        if key.endswith("_file") or (
            key.endswith("_files") and any(Path(str(name)).name != name for name in names)
        ):
            raise ModelError(
                f"{TOKENIZER_FILE} of {path} names the file {value!r:.80} ({key}), which may lie "
                "elsewhere and is never followed. Remove that key; files of the usual names are "
                "found without it."
            )


def _check_weights(path: Path) -> None:
    # An index of pickles is left alone: with safetensors asked for, it is never read.
    for index in sorted(path.glob("*.safetensors.index.json")):
        _check_shards(path, index.name)
    names = ("model.safetensors", "model.safetensors.index.json")
    if not any((path / name).exists() for name in names):
        raise ModelError(
            f"{path} has no model.safetensors. Save the model with save_pretrained(); weights "
            "that are pickles are never read, since opening one can run any code."
        )


def _check_shards(path: Path, index: str) -> None:
    try:
        named: object = _object(path, index, most_bytes=_MOST_INDEX_BYTES)["weight_map"]
    except KeyError:
        named = None
    if not isinstance(named, Mapping):
        raise ModelError(
            f"{index} of {path} does not say which file holds which weight. Save the model again."
        )
    for name in sorted(set(map(str, named.values()))):
        if Path(name).name != name:
            raise ModelError(
                f"{index} of {path} names the file {name!r:.80}, which lies elsewhere and is "
                "never followed. Save the model again."
            )
        open_member(path, name).close()
