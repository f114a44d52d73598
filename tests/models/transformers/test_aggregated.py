"""What all explanations share that are computed from attention."""

import math
from dataclasses import replace

import pytest
import torch

from attnaudit.claims import default_claims
from attnaudit.errors import PreflightError, UsageError
from attnaudit.measurements.agreement import agreement
from attnaudit.models.aggregated import AGGREGATED
from attnaudit.models.preflight import preflight
from attnaudit.models.transformers.aggregated import attending
from attnaudit.models.transformers.aggregated.rollout import rollout
from attnaudit.models.transformers.attending import attended
from attnaudit.models.transformers.network import Inputs
from attnaudit.models.transformers.recording import record
from attnaudit.models.transformers.redrawn import with_redrawn_layers
from attnaudit.models.transformers.sites import Aggregate
from attnaudit.records import Outcome
from attnaudit.runs.api import audit

from .conftest import SUPPORTED

ALL = [*SUPPORTED, "gpt2-pads-with-eos"]


def with_relevance(value, model, documents, monkeypatch):
    """What is seen at a site whose relevance is the same number everywhere."""
    same = lambda recorded: torch.full(recorded.inputs.ids.shape, value).double()  # noqa: E731 - in the place of a function
    monkeypatch.setattr(attending, "rollout", same)
    [seen] = attended(
        model.network,
        model.anatomy,
        model.prepare(documents),
        [Aggregate(name="rollout")],
        link="softmax",
        one_row=True,
    )
    return seen


@pytest.mark.parametrize("family", ALL)
def test_every_family_passes_the_checks_of_attention_itself(family, load, texts):
    model = load(family)
    preflight(model, model.prepare(texts), sites=AGGREGATED)


@pytest.mark.parametrize("family", ALL)
def test_no_other_document_of_a_batch_matters(family, load, texts):
    # The second and the fourth are shorter than the third, so they have padding beside it.
    model = load(family)
    together = model.attend(model.prepare(texts), sites=AGGREGATED)
    for row in (1, 3):
        alone = model.attend(model.prepare([texts[row]]), sites=AGGREGATED)
        for one, other in zip(together, alone, strict=True):
            length = len(other.tokens[0])
            torch.testing.assert_close(
                one.attention[row, :length], other.attention[0], rtol=0, atol=1e-5
            )
            assert float(one.attention[row, length:].abs().sum()) == 0


def test_the_pieces_of_a_word_count_together_and_special_tokens_not_at_all(load, texts):
    model = load("bert")
    batch = model.prepare(texts)
    pieces = rollout(
        record(model.network, model.anatomy, Inputs.of(batch), layers=frozenset(), means=True)
    )
    [seen] = model.attend(batch, sites=["rollout"])
    assert any(len(set(row)) + 1 < len(row) for row in batch.word_of.tolist())
    for row, words in enumerate(batch.tokens):
        sums = [float(pieces[row, batch.word_of[row] == word].sum()) for word in range(len(words))]
        wanted = [one / sum(sums) for one in sums]
        assert seen.attention[row, : len(words)].tolist() == pytest.approx(wanted)


@pytest.mark.parametrize("name", AGGREGATED)
def test_its_only_row_is_its_attention(name, load, texts):
    [seen] = load("bert").attend(load("bert").prepare(texts), sites=[name])
    assert seen.rows.shape == (4, 1, seen.mask.shape[1])
    assert torch.equal(seen.rows[:, 0], seen.attention)


@pytest.mark.parametrize("name", AGGREGATED)
def test_nothing_can_be_put_in_its_place(name, load, texts):
    [seen] = load("bert").attend(load("bert").prepare(texts), sites=[name])
    asked = f"'{name}' cannot be replaced.* other than attention-gradient.* drawn at random"
    readout = seen.readout.select(torch.tensor([0, 1]))
    for ask, argument in (
        (readout, seen.attention[:2].unsqueeze(1)),
        (readout.logits, seen.attention[:2].unsqueeze(1)),
        (readout.replace, seen.rows[:2].unsqueeze(1)),
    ):
        with pytest.raises(UsageError, match=asked):
            ask(argument)


@pytest.mark.parametrize("name", AGGREGATED)
def test_its_agreement_with_a_gradient_can_be_asked_and_with_its_own_cannot(name, load, texts):
    model = load("bert")
    batch = model.prepare(texts)
    rows = agreement(model, batch, site=name, importance="gradient")
    taus = [row.value for row in rows if row.quantity == "tau" and row.undefined is None]
    assert taus
    assert all(-1 <= tau <= 1 for tau in taus)
    with pytest.raises(UsageError, match="cannot be replaced"):
        agreement(model, batch, site=name, importance="attention-gradient")


def test_of_the_default_claims_those_are_asked_that_replace_nothing(load, texts):
    labelled = [replace(one, label="good") for one in texts[:2]]
    run = audit(load("bert"), labelled, sites=["rollout"])
    wanted = {one.id for one in default_claims().claims if not one.replaces_attention}
    assert {row.id for row in run.claims} == wanted
    assert Outcome.ERROR not in {row.outcome for row in run.claims}


def test_relevance_that_no_word_has_is_shared_equally(load, texts, monkeypatch):
    seen = with_relevance(0.0, load("bert"), texts, monkeypatch)
    assert torch.equal(seen.attention, seen.mask / seen.mask.sum(dim=1, keepdim=True).double())


def test_relevance_that_is_no_number_is_an_error_that_names_document_and_site(
    load, texts, monkeypatch
):
    for odd in (math.nan, math.inf):
        with pytest.raises(PreflightError, match=rf"'d0': rollout of word 0 is {odd}"):
            with_relevance(odd, load("bert"), texts, monkeypatch)


@pytest.mark.parametrize("family", ["bert", "modernbert-mean"])
def test_a_second_text_is_read_and_has_no_part_in_the_explanation(family, load, texts):
    model = load(family)
    pairs = [replace(one, text2="zebra was awful, never dull") for one in texts]
    alone = model.attend(model.prepare(texts), sites=AGGREGATED)
    preflight(model, model.prepare(pairs), sites=AGGREGATED)
    for one, other in zip(model.attend(model.prepare(pairs), sites=AGGREGATED), alone, strict=True):
        assert one.tokens == other.tokens
        assert one.special_mass is None
        sums = one.attention.sum(dim=1)
        torch.testing.assert_close(sums, torch.ones_like(sums))
        assert float((one.attention - other.attention).abs().max()) > 1e-3


@pytest.mark.parametrize("name", AGGREGATED)
def test_a_network_of_random_weights_has_numbers_of_its_own(name, load, texts):
    model = load("bert")
    batch = model.prepare(texts)
    [own] = model.attend(batch, sites=[name])
    [random] = with_redrawn_layers(model, seed=1).attend(batch, sites=[name])
    assert float((own.attention - random.attention).abs().max()) > 1e-2
    torch.testing.assert_close(model.attend(batch, sites=[name])[0].attention, own.attention)
