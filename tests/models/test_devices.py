import pytest
import torch

from attnaudit.errors import UsageError
from attnaudit.models import resolve_device


@pytest.fixture(params=[False, True], ids=["without CUDA", "with CUDA"], autouse=True)
def cuda(request, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: request.param)
    return request.param


def test_the_cpu_is_always_there():
    assert resolve_device("cpu") == torch.device("cpu")


def test_auto_is_cuda_exactly_where_there_is_one(cuda):
    assert resolve_device("auto").type == ("cuda" if cuda else "cpu")


def test_cuda_is_refused_exactly_where_there_is_none(cuda):
    if cuda:
        assert resolve_device("cuda").type == "cuda"
    else:
        with pytest.raises(UsageError, match=r"sees no CUDA device here\. Use cpu or auto"):
            resolve_device("cuda")


def test_another_name_is_refused():
    with pytest.raises(UsageError, match="found 'gpu'"):
        resolve_device("gpu")
