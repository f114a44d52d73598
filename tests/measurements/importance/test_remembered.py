"""Importances that another attention site has asked for already."""

from dataclasses import replace

import pytest
import torch

from attnaudit.measurements.importance import RememberedImportances, named_importance, remembered

SITE = "attention"


@pytest.fixture
def counted(monkeypatch):
    asked = []

    def count(importance, model, batch, attended, *, steps=None):
        asked.append((importance, steps, batch.documents))
        return named_importance(importance, model, batch, attended, steps=steps)

    monkeypatch.setattr(remembered, "named_importance", count)
    return asked


def seen(model, documents):
    batch = model.prepare(documents)
    [attended] = model.attend(batch, sites=[SITE])
    return batch, attended


@pytest.mark.parametrize(
    ("importance", "steps"),
    [("gradient", None), ("leave-one-out", None), ("integrated-gradients", 3)],
)
def test_each_is_computed_once_whatever_batches_come_later(
    make_model, documents, counted, importance, steps
):
    model = make_model()
    both = RememberedImportances()
    batch, attended = seen(model, documents)
    expected = named_importance(importance, model, batch, attended, steps=steps)
    torch.testing.assert_close(
        both(importance, model, batch, attended, steps=steps), expected, rtol=0, atol=0
    )
    for row, document in enumerate(documents):
        alone, there = seen(model, [document])
        found = both(importance, model, alone, there, steps=steps)
        torch.testing.assert_close(found, expected[row : row + 1, : found.shape[1]], rtol=0, atol=0)
    assert len(counted) == 1


def test_importances_and_documents_are_kept_apart(make_model, documents, counted):
    model = make_model()
    both = RememberedImportances()
    first, *_ = documents
    other = replace(first, id="another", tokens=first.tokens[::-1])
    asked = [
        ("gradient", None, first),
        ("leave-one-out", None, first),
        ("integrated-gradients", 2, first),
        ("integrated-gradients", 3, first),
        ("gradient", None, other),
    ]
    for _ in range(2):
        for importance, steps, document in asked:
            batch, attended = seen(model, [document])
            torch.testing.assert_close(
                both(importance, model, batch, attended, steps=steps),
                named_importance(importance, model, batch, attended, steps=steps),
                rtol=0,
                atol=0,
            )
    assert len(counted) == len(asked)


def test_what_is_about_a_site_is_never_remembered(make_model, documents, counted):
    model = make_model()
    both = RememberedImportances()
    batch, attended = seen(model, documents)
    for _ in range(2):
        both("attention-gradient", model, batch, attended)
    assert len(counted) == 2
