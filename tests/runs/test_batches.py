import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from attnaudit.errors import DataError
from attnaudit.records import Document
from attnaudit.runs.batches import MOST_TOKENS, BatchLimits, in_batches

LENGTHS = (3, 1, 4, 1, 5, 9, 2, 6)


@pytest.fixture
def worded():
    return [
        (Document(id=f"d{number}", tokens=("film",) * length), length)
        for number, length in enumerate(LENGTHS)
    ]


def ids(batch):
    return batch.documents


def short_of_memory(most, error):
    """Work that fails as torch does where a batch is larger than memory."""

    def work(batch):
        if batch.mask.numel() > most:
            raise error
        return batch.documents

    return work


def done(model, documents, work, limits):
    return [one for _, result in in_batches(model, documents, work, limits) for one in result]


def test_every_document_is_worked_on_once_in_ascending_order_of_length(make_model, worded):
    found = done(make_model(), worded, ids, BatchLimits(tokens=12))
    assert sorted(found) == sorted(one.id for one, _ in worded)
    lengths = [LENGTHS[int(one[1:])] for one in found]
    assert lengths == sorted(lengths)


@given(
    lengths=st.lists(st.integers(1, 50), min_size=1, max_size=30).map(sorted),
    tokens=st.integers(1, 200),
    documents=st.none() | st.integers(1, 10),
)
def test_a_batch_is_as_large_as_its_limits_allow_and_never_empty(lengths, tokens, documents):
    limits = BatchLimits(tokens=tokens, documents=documents)
    number = limits.fitting(lengths)
    most = len(lengths) if documents is None else min(documents, len(lengths))
    assert 1 <= number <= most
    assert number == 1 or number * lengths[number - 1] <= tokens
    assert number == most or (number + 1) * lengths[number] > tokens


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory"),
        MemoryError(),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate(handle)"),
    ],
    ids=["accelerator", "python", "cpu", "cublas"],
)
def test_what_does_not_fit_is_done_again_in_smaller_batches(make_model, worded, error):
    limits = BatchLimits(tokens=1000)
    found = done(make_model(), worded, short_of_memory(10, error), limits)
    assert sorted(found) == sorted(one.id for one, _ in worded)
    assert limits.tokens <= 20


def test_a_document_too_long_for_memory_is_named(make_model, worded):
    work = short_of_memory(8, torch.OutOfMemoryError("CUDA out of memory"))
    with pytest.raises(DataError, match="document 'd5' of 9 tokens does not fit"):
        done(make_model(), worded, work, BatchLimits(tokens=1000))


def test_other_errors_are_not_taken_for_want_of_memory(make_model, worded):
    with pytest.raises(RuntimeError, match="shapes differ"):
        done(
            make_model(),
            worded,
            short_of_memory(0, RuntimeError("shapes differ")),
            BatchLimits(tokens=1000),
        )


def test_half_of_free_memory_is_spent_by_the_bytes_that_a_batch_needed():
    limits = BatchLimits(tokens=100)
    limits.learn(tokens=100, needed=1_000, free=8_000)
    assert limits.tokens == 400
    limits.learn(tokens=400, needed=4_000, free=10**12)
    assert limits.tokens == MOST_TOKENS


def test_what_once_did_not_fit_is_not_tried_again():
    limits = BatchLimits(tokens=100)
    limits.halve(100)
    limits.learn(tokens=50, needed=1_000, free=10**12)
    assert limits.tokens == 50


def test_a_batch_far_below_the_limit_teaches_nothing():
    limits = BatchLimits(tokens=1_000)
    limits.learn(tokens=40, needed=1_000, free=8_000)
    assert limits.tokens == 1_000


def test_a_batch_that_needed_nothing_teaches_nothing():
    limits = BatchLimits(tokens=100)
    limits.learn(tokens=100, needed=0, free=8_000)
    assert limits.tokens == 100


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
def test_on_a_gpu_the_first_batch_teaches_that_more_fits(make_model, worded):
    model = make_model().to(device=torch.device("cuda"), dtype=torch.float64)
    limits = BatchLimits(tokens=sum(LENGTHS))
    done(model, worded, lambda batch: model.attend(batch, sites=["attention"])[0].units, limits)
    assert limits.tokens > sum(LENGTHS)
