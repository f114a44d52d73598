import pytest
import torch

from attnaudit.measurements.exchange import exchange
from attnaudit.measurements.exchangeable import exchangeable_shares
from attnaudit.measurements.free_share import free_share
from attnaudit.measurements.freedom import freedom


def measure(model, documents, *, seed=2):
    return exchange(
        model,
        model.prepare(documents),
        site="attention",
        max_tvd=0.05,
        max_logit_change=0.5,
        draws=4,
        seed=seed,
    )


def test_one_pass_gives_the_shares_and_both_descriptions(make_model, documents):
    model = make_model()
    [attended] = model.attend(model.prepare(documents), sites=["attention"])
    parts = (
        exchangeable_shares(attended, max_tvd=0.05, max_logit_change=0.5, draws=4, seed=2),
        freedom(attended, max_tvd=0.05, draws=4, seed=2),
        free_share(attended, max_tvd=0.05, draws=4, seed=2),
    )
    expected = {(row.document, row.quantity): row.value for part in parts for row in part}
    found = measure(model, documents)
    assert len(found) == len(expected)
    assert {(row.document, row.quantity): row.value for row in found} == pytest.approx(
        expected, nan_ok=True
    )


def test_neither_batch_nor_order_changes_a_document(make_model, documents):
    model = make_model()
    together = {(row.document, row.quantity): row.value for row in measure(model, documents)}
    for some in (documents[::-1], *([document] for document in documents)):
        for row in measure(model, some):
            expected = together[row.document, row.quantity]
            assert row.value == pytest.approx(expected, abs=1e-9, nan_ok=True)


def test_single_precision_measures_the_same_to_its_rounding(make_model, documents):
    double, single = (
        {
            (row.document, row.quantity): row.value
            for row in measure(make_model(dtype=dtype), documents)
        }
        for dtype in (torch.float64, torch.float32)
    )
    assert single == pytest.approx(double, abs=1e-3, nan_ok=True)


def test_another_seed_shuffles_otherwise_and_leaves_the_share_itself(make_model, documents):
    model = make_model(seed=1)
    first, second = (
        {(row.document, row.quantity): row.value for row in measure(model, documents, seed=seed)}
        for seed in (0, 1)
    )
    own = [name for name in first if name[1] == "logit-share" and name[0] != "d1"]
    assert [first[name] for name in own] == [second[name] for name in own]
    assert any(
        first[name, "rescale-width-null"] != second[name, "rescale-width-null"] for name, _ in own
    )
