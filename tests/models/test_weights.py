import json
import math
import struct

import pytest
import safetensors.torch
import torch

from attnaudit.errors import ModelError
from attnaudit.models.weights import check_finite, read_weights

SHAPES = {"bias": torch.Size([3]), "weight": torch.Size([2, 3])}


@pytest.fixture
def write(tmp_path):
    def write(content):
        (tmp_path / "model.safetensors").write_bytes(content)
        return tmp_path

    return write


def tensors(**changes):
    plain = {"bias": torch.arange(3.0), "weight": torch.arange(6.0).reshape(2, 3)}
    return {name: tensor for name, tensor in (plain | changes).items() if tensor is not None}


def packed(**changes):
    return safetensors.torch.save(tensors(**changes))


def with_header(header, data=b""):
    encoded = json.dumps(header).encode()
    return struct.pack("<Q", len(encoded)) + encoded + data


def read(directory):
    return read_weights(directory, SHAPES, dtype=torch.float64)


@pytest.mark.parametrize("stored", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_any_floating_point_type_is_read_in_the_precision_asked_for(stored, write):
    content = safetensors.torch.save({k: v.to(stored) for k, v in tensors().items()})
    weights = read(write(content))
    assert weights.keys() == SHAPES.keys()
    for name, tensor in tensors().items():
        assert weights[name].dtype == torch.float64
        assert torch.equal(weights[name], tensor.double())


def test_metadata_in_the_header_is_no_tensor(write):
    content = safetensors.torch.save(tensors(), metadata={"format": "pt"})
    assert read(write(content)).keys() == SHAPES.keys()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "truncated: it has 0 bytes"),
        (packed()[:5], "truncated: it has 5 bytes"),
        (packed()[:40], "truncated or no safetensors file"),
        (packed()[:-1], "is truncated: it has"),
        (packed() + b"\0", "is oversized: it has"),
        (packed(weight=None), "missing weight"),
        (packed(extra=torch.zeros(1)), "unexpected extra"),
        (packed(weight=torch.zeros(3, 2)), r"weight has shape \[3, 2\].*implies \[2, 3\]"),
        (packed(bias=torch.zeros(3, dtype=torch.int64)), "bias has type 'I64'"),
        (struct.pack("<Q", 2**62) + b"x" * 64, "header claims 4,611,686,018,427,387,904 bytes"),
        (struct.pack("<Q", 2**21) + b" " * 2**21, "more than 1,048,576"),
        (struct.pack("<Q", 4) + b"nope", "not JSON"),
        (struct.pack("<Q", 10**5) + b"[" * 10**5, "not JSON"),
        (with_header([1, 2]), "not a JSON object"),
        (with_header({"bias": 3, "weight": None}), "bias has type None"),
        (b"\x80\x04\x95" + b"\0" * 40, "truncated or no safetensors file"),
    ],
    ids=[
        "empty", "cut in length", "cut in header", "cut in data", "one byte more", "missing",
        "unexpected", "shape", "type", "endless header", "large header", "no JSON", "nested",
        "list", "entries", "pickle",
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_with_what_is_wrong(content, message, write):
    with pytest.raises(ModelError, match=message) as caught:
        read(write(content))
    assert "model.safetensors of" in str(caught.value)


def test_tensors_that_share_bytes_are_refused(write):
    entry = {"dtype": "F64", "shape": [3], "data_offsets": [0, 24]}
    other = {"dtype": "F64", "shape": [2, 3], "data_offsets": [0, 48]}
    with pytest.raises(ModelError, match="is corrupt"):
        read(write(with_header({"bias": entry, "weight": other}, b"\0" * 72)))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_weight_that_is_not_finite_is_named_and_counted(value, write):
    broken = torch.tensor([[1.0, value, 2.0], [value, 0.0, 0.0]])
    with pytest.raises(ModelError, match="weight has 2 of 6 weights that are not finite"):
        read(write(packed(weight=broken)))


def test_a_weight_too_large_for_the_precision_asked_for_is_refused(write):
    huge = torch.full((2, 3), 1e300, dtype=torch.float64)
    with pytest.raises(ModelError, match="weight has 6 of 6"):
        read_weights(write(packed(weight=huge)), SHAPES, dtype=torch.float32)


def test_finite_weights_pass():
    check_finite(tensors(), "here")
