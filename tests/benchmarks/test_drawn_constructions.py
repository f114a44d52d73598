"""Constructions drawn at random, and the default thresholds against those of two classes."""

import numpy as np
import pytest
import torch
from confirm_thresholds import judged, wrong
from drawn_constructions import LONGEST, drawn_construction
from drawn_policies import NOBODY, POLICIES

from attnaudit.claims import default_claims

NUMBERS = range(5)


@pytest.fixture(params=POLICIES, scope="module")
def construction(request):
    return drawn_construction(request.param, number=0, count=40)


def test_attention_lies_on_the_simplex(construction):
    model, _ = construction
    for one in model.documents.values():
        assert (one.attention >= 0).all()
        assert one.attention.sum() == pytest.approx(1)


def test_most_evidence_of_a_document_argues_for_one_class(construction):
    model, _ = construction
    for one in model.documents.values():
        counts = np.bincount(one.evidence[one.evidence != NOBODY])
        assert counts.sum() == model.traits.evidence
        assert counts.max() > model.traits.evidence / 2


def test_evidence_outweighs_what_a_position_argues_at_random(construction):
    model, _ = construction
    weakest = 0.7 * model.traits.strength[0]
    for one in model.documents.values():
        for scores, aim in zip(one.scores, one.evidence, strict=True):
            if aim == NOBODY:
                continue
            argued = scores[0] * (2 * aim - 1) if len(scores) == 1 else scores[aim]
            # Five standard deviations of the noise, which 40 documents do not reach.
            assert argued > weakest - 5 * model.traits.place_noise


def test_documents_have_the_drawn_lengths(construction):
    model, documents = construction
    shortest, longest = model.traits.lengths
    lengths = {len(one.tokens) for one in documents}
    assert min(lengths) >= shortest
    assert max(lengths) <= (LONGEST if model.traits.shape == "skewed" else longest)
    assert (len(lengths) == 1) == (model.traits.shape == "fixed" or shortest == longest)


def test_the_model_shows_what_was_drawn_whatever_stands_beside_it(construction):
    model, documents = construction
    [together] = model.attend(model.prepare(documents), sites=["attention"])
    for row, one in enumerate(documents):
        drawn = model.documents[one.id]
        [alone] = model.attend(model.prepare([one]), sites=["attention"])
        assert together.attention[row, : len(one.tokens)].tolist() == drawn.attention.tolist()
        assert not together.attention[row, len(one.tokens) :].any()
        torch.testing.assert_close(together.probabilities[row], alone.probabilities[0])
        logits = drawn.attention @ drawn.scores + model.traits.bias
        if len(logits) == 1:
            logits = np.array([0.0, logits[0]])
        expected = np.exp(logits) / np.exp(logits).sum()
        assert alone.probabilities[0].tolist() == pytest.approx(expected.tolist())


def test_a_number_always_draws_the_same_construction_and_another_a_different_one():
    [first, again, other] = [
        drawn_construction("anywhere", number=number, count=3)[0] for number in (4, 4, 5)
    ]
    for name in first.documents:
        assert first.documents[name].words == again.documents[name].words
        assert (first.documents[name].attention == again.documents[name].attention).all()
    assert first.traits.strength != other.traits.strength


def test_every_head_is_drawn():
    heads = {
        (model.traits.link, model.traits.classes)
        for model, _ in (drawn_construction("away", number=k, count=1) for k in range(20))
    }
    assert heads == {("sigmoid", 2), ("softmax", 2), ("softmax", 4)}


@pytest.mark.parametrize("policy", ["pointing", "at all evidence", "anywhere", "away", "beside"])
def test_the_threshold_of_inversion_is_right_about_drawn_constructions_of_two_classes(policy):
    [claim] = [one for one in default_claims().claims if one.audit == "inversion"]
    rows = [judged([claim], policy=policy, number=number, count=80) for number in NUMBERS]
    rows = [one for one in rows if one.classes == 2]
    assert any(one.truth != "partly" for one in rows)
    assert not [one for one in rows if wrong(claim, one)]
