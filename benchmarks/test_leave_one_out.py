"""Leave-one-out with shared work beside leave-one-out done plainly: same documents, same run.

Both sides go from word ids to a probability per deletion. The one encoding of the whole documents
that all audits share is on neither side; `ratio_with_encoding` has it on both.

    pytest benchmarks/test_leave_one_out.py --benchmark-json=benchmark.json
"""

import random
import time
import timeit
from dataclasses import replace
from statistics import median

import plain_leave_one_out
import pytest
import torch

from attnaudit.data.audit_file import read_audit_file, read_audited_documents
from attnaudit.models import PaperModel, load_model
from attnaudit.records import Document

MOST_WORDS_READ = 1_500_000
"""By the plain side: documents are drawn until their squared lengths add up to it."""
DOCUMENTS_AT_ONCE = 1_000
"""The more documents, the more words they share, each of which is projected once."""
WORDS_AT_ONCE = 65_536
ROUNDS = 5


def drawn_documents(model, directory):
    """Documents of two words or more, split into words, in order of length."""
    documents = read_audited_documents(read_audit_file(directory / "audit.toml"), directory)
    batch = model.prepare(documents)
    by_id = {document.id: document for document in documents}
    words = zip(batch.documents, batch.tokens, strict=True)
    usable = [
        (replace(by_id[one], tokens=tokens), len(tokens))
        for one, tokens in words
        if len(tokens) > 1
    ]
    kept, read = [], 0
    for document, length in random.Random(0).sample(usable, len(usable)):  # noqa: S311
        read += length**2
        if read > MOST_WORDS_READ:
            break
        kept.append(document)
    return sorted(kept, key=lambda one: len(one.tokens))


def batches(model, documents):
    """Large batches, neighbours in length together."""
    found = []
    waiting: list[Document] = []
    for document in documents:
        words = (len(waiting) + 1) * len(document.tokens)
        if len(waiting) == DOCUMENTS_AT_ONCE or words > WORDS_AT_ONCE:
            found.append(model.prepare(waiting))
            waiting = []
        waiting.append(document)
    return [*found, model.prepare(waiting)]


@pytest.mark.parametrize("name", ["sst", "20news-sports"])
@pytest.mark.parametrize("encoder", ["bilstm", "cnn", "average"])
def test_leave_one_out_beside_reading_every_shortened_document(
    benchmark, trained, device, name, encoder
):
    directory = trained(name, encoder)
    model = load_model(directory, device=device, dtype=torch.float32)
    assert isinstance(model, PaperModel)
    documents = drawn_documents(model, directory)
    prepared = batches(model, documents)
    encode = model.vocabulary.encode
    ids = [torch.tensor(encode(document.tokens), device=device) for document in documents]

    def without_each_word(batch):
        probabilities = model.leave_one_out(batch)
        assert probabilities is not None, f"a network with {encoder} shares no work"
        return probabilities[..., 1][batch.mask]

    def share():
        return torch.cat([without_each_word(batch) for batch in prepared]).cpu()

    def attend():
        return [model.attend(one, sites=["attention"])[0].probabilities.cpu() for one in prepared]

    begin = time.perf_counter()
    found_plainly = plain_leave_one_out.leave_one_out(model.network, ids).cpu()
    seconds_plainly = time.perf_counter() - begin
    found = benchmark.pedantic(share, rounds=ROUNDS, warmup_rounds=1)
    seconds = benchmark.stats.stats.median
    seconds_encoding = median(timeit.repeat(attend, number=1, repeat=ROUNDS))
    benchmark.extra_info.update(
        {
            "documents": len(documents),
            "mean_tokens": round(len(found) / len(documents), 1),
            "ratio": round(seconds_plainly / seconds, 1),
            "ratio_with_encoding": round(
                (seconds_plainly + seconds_encoding) / (seconds + seconds_encoding), 1
            ),
            "documents_per_second": round(len(documents) / seconds, 1),
            "largest_difference": float((found - found_plainly).abs().max()),
        }
    )
    torch.testing.assert_close(found, found_plainly, atol=1e-4, rtol=0)
