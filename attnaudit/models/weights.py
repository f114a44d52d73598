"""Weights as safetensors, checked against what the configuration implies before they are read."""

import json
import math
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from attnaudit.errors import ModelError
from attnaudit.models.members import open_member

WEIGHTS_FILE = "model.safetensors"
_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}
_LENGTH_BYTES = 8
_MOST_HEADER_BYTES = 2**20


def read_weights(
    directory: Path, shapes: Mapping[str, torch.Size], *, dtype: torch.dtype
) -> dict[str, Tensor]:
    """Weights of the model directory `directory`, on the CPU.

    Args:
        directory: A model directory.
        shapes: Name and shape of every tensor the model has.
        dtype: Precision to return.

    Returns:
        Exactly the tensors of `shapes`, all finite.

    Raises:
        ModelError: If the file is missing, truncated, oversized or corrupt, if a tensor is
            missing, unexpected, of another shape or not of floating point, or not finite.
    """
    where = f"{WEIGHTS_FILE} of {directory}"
    with open_member(directory, WEIGHTS_FILE) as file:
        file_bytes = file.seek(0, 2)
        file.seek(0)
        header, header_bytes = _read_header(file, file_bytes, where)
        weights_bytes = _check_header(header, shapes, where)
        promised = _LENGTH_BYTES + header_bytes + weights_bytes
        if file_bytes != promised:
            state = "truncated" if file_bytes < promised else "oversized"
            raise ModelError(
                f"{where} is {state}: it has {file_bytes:,} bytes and its header promises "
                f"{promised:,}. Copy or export it again."
            )
        file.seek(0)
        content = file.read(promised)
    try:
        weights = safetensors.torch.load(content)
    except safetensors.SafetensorError as error:
        raise ModelError(f"{where} is corrupt: {error}. Copy or export it again.") from error
    converted = {name: tensor.to(dtype, copy=True) for name, tensor in weights.items()}
    check_finite(converted, where)
    return converted


def check_finite(weights: Mapping[str, Tensor], where: str) -> None:
    """Raise a ModelError that names the first tensor of `weights` with a NaN or an infinity."""
    for name, tensor in sorted(weights.items()):
        broken = int((~tensor.isfinite()).sum())
        if broken:
            raise ModelError(
                f"{where}: {name} has {broken} of {tensor.numel()} weights that are not finite. "
                "Training probably diverged; train again or export an earlier state."
            )


def _read_header(file: BinaryIO, file_bytes: int, where: str) -> tuple[dict[str, Any], int]:
    if file_bytes < _LENGTH_BYTES:
        raise ModelError(
            f"{where} is truncated: it has {file_bytes} bytes, fewer than its header's length "
            "takes. Copy or export it again."
        )
    (length,) = struct.unpack("<Q", file.read(_LENGTH_BYTES))
    if length > file_bytes - _LENGTH_BYTES:
        raise ModelError(
            f"{where} is truncated or no safetensors file: its header claims {length:,} bytes and "
            f"{file_bytes - _LENGTH_BYTES:,} follow. Copy or export it again."
        )
    if length > _MOST_HEADER_BYTES:
        raise ModelError(
            f"{where} has a header of {length:,} bytes, more than {_MOST_HEADER_BYTES:,}, which no "
            "model of this format needs. Export it again."
        )
    try:
        header = json.loads(file.read(length))
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{where} has a header that is not JSON: {error}.") from error
    if not isinstance(header, dict):
        raise ModelError(f"{where} has a header that is not a JSON object. Export it again.")
    header.pop("__metadata__", None)
    return header, length


def _check_header(header: Mapping[str, Any], shapes: Mapping[str, torch.Size], where: str) -> int:
    missing, unexpected = sorted(shapes.keys() - header.keys()), sorted(header.keys() - shapes)
    if missing or unexpected:
        listed = "; ".join(
            f"{kind} {', '.join(names[:8])}"
            for kind, names in (("missing", missing), ("unexpected", unexpected))
            if names
        )
        raise ModelError(
            f"{where} does not have the tensors its config.json implies: {listed}. Export the "
            "two files together."
        )
    return sum(_tensor_bytes(name, header[name], shapes[name], where) for name in shapes)


def _tensor_bytes(name: str, entry: Any, shape: torch.Size, where: str) -> int:  # noqa: ANN401
    found = entry if isinstance(entry, dict) else {}
    if found.get("dtype") not in _BYTES:
        raise ModelError(
            f"{where}: {name} has type {found.get('dtype')!r:.40}; weights must be one of "
            f"{', '.join(_BYTES)}. Export them as floating point."
        )
    if found.get("shape") != list(shape):
        raise ModelError(
            f"{where}: {name} has shape {found.get('shape')!r:.80}, but config.json implies "
            f"{list(shape)}. Export the two files together."
        )
    return math.prod(shape) * _BYTES[found["dtype"]]
