import random

import pytest
import torch

import attnaudit
from attnaudit.data.vocabulary import SPECIALS
from attnaudit.records import Document

GPU = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")


def drawn_documents(words, *, count, longest):
    draw = random.Random(0)  # noqa: S311
    return [
        Document(id=f"d{number}", tokens=tuple(draw.choices(words, k=draw.randint(1, longest))))
        for number in range(count)
    ]


def assert_same_audit(here, *, count, longest):
    there = here.to(device=torch.device("cuda"), dtype=torch.float64)
    documents = drawn_documents(
        here.vocabulary.words[len(SPECIALS) :], count=count, longest=longest
    )
    expected, found = (attnaudit.audit(one, documents) for one in (here, there))
    assert [entry.device for entry in found.models] == ["cuda:0"]
    for one, other in zip(expected.claims, found.claims, strict=True):
        assert (one.id, one.group, one.outcome) == (other.id, other.group, other.outcome)
        assert other.estimate == pytest.approx(one.estimate, abs=1e-9)


@pytest.mark.gpu
@GPU
@pytest.mark.parametrize("attention", ["additive", "dot"])
@pytest.mark.parametrize("encoder", ["bilstm", "cnn", "average"])
def test_an_audit_on_a_gpu_gives_the_numbers_and_verdicts_of_the_cpu(
    make_model, encoder, attention
):
    assert_same_audit(make_model(encoder=encoder, attention=attention), count=60, longest=60)


@pytest.mark.gpu
@GPU
def test_an_audit_of_several_classes_does_so_too(make_model):
    model = make_model(encoder="average", kind="softmax", classes=("a", "b", "c", "d"))
    assert_same_audit(model, count=6, longest=8)
