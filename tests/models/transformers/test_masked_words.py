"""Masking a word as an importance, on networks of every family."""

from dataclasses import replace

import pytest
import torch

from attnaudit.errors import UsageError
from attnaudit.measurements.agreement import agreement
from attnaudit.measurements.importance import gradient_importance, mask_one_out_importance
from attnaudit.metrics import kendall_tau
from attnaudit.models.protocol import MasksWords

from .conftest import SUPPORTED, VOCABULARY

SITE = "layer.last"
MASK = VOCABULARY.index("[MASK]")


def importance(model, batch):
    [attended] = model.attend(batch, sites=[SITE])
    return mask_one_out_importance(model, batch, attended.probabilities)


@pytest.mark.parametrize("family", SUPPORTED)
def test_it_is_the_change_when_each_piece_of_a_word_is_the_mask_token(family, load, texts):
    model = load(family)
    assert isinstance(model, MasksWords)
    batch = model.prepare(texts)
    found = importance(model, batch)
    for row, words in enumerate(batch.tokens):
        ids = batch.piece_ids[row, batch.piece_mask[row]]
        of_word = batch.word_of[row, batch.piece_mask[row]]
        inputs = [ids] + [ids.masked_fill(of_word == word, MASK) for word in range(len(words))]
        with torch.no_grad():
            logits = model.network.module(input_ids=torch.stack(inputs)).logits
        whole, *masked = logits.softmax(dim=1)
        expected = torch.stack([(one - whole).abs().sum() / 2 for one in masked])
        torch.testing.assert_close(found[row, : len(words)], expected, rtol=0, atol=2e-6)
        assert found[row, len(words) :].eq(0).all()
    assert found.max() > 1e-3


@pytest.mark.parametrize("family", ["bert", "modernbert-mean", "gpt2"])
@pytest.mark.parametrize("rows", [[1], [3, 0, 2]])
def test_to_select_and_attend_is_to_attend_and_select(family, load, texts, rows):
    model = load(family)
    whole, index = model.prepare(texts), torch.tensor(rows)
    whole = replace(whole, truncated=("d0", "d1"))
    some = whole.select(index)
    assert some.truncated == tuple(name for name in some.documents if name in {"d0", "d1"})
    for of_all, of_some in zip(
        *(model.attend(one, sites=[SITE, "layers"]) for one in (whole, some)), strict=True
    ):
        assert of_some.units == tuple(of_all.units[row] for row in rows)
        for name in ("attention", "probabilities", "mask"):
            torch.testing.assert_close(
                getattr(of_some, name), getattr(of_all, name)[index], rtol=0, atol=2e-6
            )


def test_agreement_with_it_has_a_ceiling_against_the_gradient(load, texts):
    model = load("bert")
    batch = model.prepare(texts)
    rows = agreement(model, batch, site=SITE, importance="mask-one-out")
    names = ("mask-one-out", "gradient")
    scores = importance(model, batch), gradient_importance(model, batch)
    expected = kendall_tau(*scores, batch.mask, names=names)
    ceilings = [row for row in rows if row.quantity == "tau-ceiling"]
    for row, value, cause in zip(
        ceilings, expected.statistic.tolist(), expected.undefined, strict=True
    ):
        assert row.undefined == cause
        assert cause is not None or row.value == pytest.approx(value, abs=1e-12)


def test_without_a_mask_token_the_claim_cannot_be_asked(load, texts):
    model = load("gpt2", tokenizer={"mask_token": None})
    with pytest.raises(UsageError, match=r"has no mask token\. Leave words out by deleting"):
        agreement(model, model.prepare(texts), site=SITE, importance="mask-one-out")


def test_a_mask_token_that_the_network_does_not_know_is_refused_by_name(load, texts):
    model = load("gpt2", tokenizer={"mask_token": "<added>"})
    assert model.reader.tokenizer.mask_token_id == len(VOCABULARY)
    with pytest.raises(UsageError, match=rf"mask token '<added>' .* {len(VOCABULARY)} pieces"):
        agreement(model, model.prepare(texts), site=SITE, importance="mask-one-out")
