import math
from itertools import pairwise

import pytest
import torch
from scipy.stats import kendalltau

from attnaudit.models import load_model, save_model
from attnaudit.models.planted import (
    NEGATIVE_WORDS,
    NEUTRAL_WORDS,
    POSITIVE_WORDS,
    faithful_model,
    ignored_attention_model,
    misdirected_model,
    one_class_model,
    uniform_attention_model,
)
from attnaudit.records import Document

EPSILON = 0.05
LENGTHS = (2, 3, 6, 10, 15, 25, 40)


def logit(p):
    return math.log(p / (1 - p))


@pytest.fixture(scope="module")
def planted_documents():
    """One evidence word in each, at every kind of place, among neutral words of every kind."""
    found = []
    for number, length in enumerate(LENGTHS * 4):
        words = [NEUTRAL_WORDS[(7 * number + 3 * t) % len(NEUTRAL_WORDS)] for t in range(length)]
        evidence = (POSITIVE_WORDS, NEGATIVE_WORDS)[number % 2]
        words[(5 * number) % length] = evidence[number % len(evidence)]
        found.append(Document(id=f"d{number}", tokens=tuple(words)))
    return found


def is_evidence(attended, unit):
    return [word in POSITIVE_WORDS + NEGATIVE_WORDS for word in attended.tokens[unit]]


@pytest.fixture(scope="module")
def faithful(planted_documents):
    model = faithful_model()
    batch = model.prepare(planted_documents)
    (attended,) = model.attend(batch, sites=["attention"])
    return model, batch, attended


def test_the_faithful_model_follows_its_closed_form(faithful):
    _, _, attended = faithful
    for unit, words in enumerate(attended.tokens):
        others = len(words) - 1
        evidence = is_evidence(attended, unit)
        assert sum(evidence) == 1
        weight = 400 / (400 + others)
        expected = [weight if found else 1 / (400 + others) for found in evidence]
        attention = attended.attention[unit, : len(words)].tolist()
        assert attention == pytest.approx(expected, rel=1e-12)
        sign = 1 if words[evidence.index(True)] in POSITIVE_WORDS else -1
        positive = 1 / (1 + math.exp(-sign * 2.9 * weight))
        assert attended.probabilities[unit, 1].item() == pytest.approx(positive, rel=1e-12)
        assert 0.05 <= positive <= 0.98


def test_neutral_words_have_equal_attention_and_exactly_no_effect(faithful):
    model, batch, attended = faithful
    embeddings = model.embed(batch).requires_grad_(True)
    model.predict_embedded(batch, embeddings, attention_frozen=True)[:, 1].sum().backward()
    effects = (embeddings.grad * embeddings.detach()).sum(dim=2)
    for unit in range(len(attended.units)):
        neutral = [t for t, found in enumerate(is_evidence(attended, unit)) if not found]
        weights = attended.attention[unit, neutral]
        assert weights.tolist() == pytest.approx([weights[0].item()] * len(neutral), rel=1e-14)
        assert not attended.readout.scores[unit, neutral].any()
        assert not effects[unit, neutral].any()
        assert effects[unit].abs().max() > 0.01


def test_attention_of_the_faithful_model_ranks_words_as_gradient_and_deletion_do(faithful):
    model, batch, attended = faithful
    embeddings = model.embed(batch).requires_grad_(True)
    model.predict_embedded(batch, embeddings, attention_frozen=True)[:, 1].sum().backward()
    gradients = (embeddings.grad * embeddings.detach()).sum(dim=2).abs()
    for unit, words in enumerate(attended.tokens):
        count = len(words)
        deletions = [(unit, token) for token in range(count)]
        (left,) = model.attend(model.without(batch, deletions), sites=["attention"])
        effects = (left.probabilities[:, 1] - attended.probabilities[unit, 1]).abs()
        # Rounding, so that sums taken in another order count as equal.
        effects = [round(effect, 12) for effect in effects.tolist()]
        attention = attended.attention[unit, :count].tolist()
        assert kendalltau(attention, gradients[unit, :count].tolist()).statistic == pytest.approx(1)
        assert kendalltau(attention, effects).statistic == pytest.approx(1)


def test_deleting_the_evidence_leaves_the_faithful_model_undecided(faithful):
    model, batch, attended = faithful
    deletions = [
        (unit, is_evidence(attended, unit).index(True)) for unit in range(len(attended.units))
    ]
    (left,) = model.attend(model.without(batch, deletions), sites=["attention"])
    assert (left.probabilities == 0.5).all()


def test_moving_the_faithful_models_weight_to_a_neutral_word_moves_the_output(faithful):
    _, _, attended = faithful
    for unit, words in enumerate(attended.tokens):
        evidence = is_evidence(attended, unit).index(True)
        swapped = attended.attention[unit].clone()
        other = (evidence + 1) % len(words)
        swapped[[evidence, other]] = swapped[[other, evidence]]
        changed = attended.readout.select(torch.tensor([unit]))(swapped[None, None])[0, 0]
        assert (changed - attended.probabilities[unit]).abs().max() > 0.1


def farthest_divergence(attention, scores, own):
    """Largest Jensen-Shannon divergence from `attention` within EPSILON of the output.

    A vertex of the feasible set is one token, or two tokens mixed so as to land on its border.
    """
    p = 1 / (1 + math.exp(-own))
    low = logit(p - EPSILON) if p > EPSILON else -math.inf
    high = logit(p + EPSILON) if p < 1 - EPSILON else math.inf
    best = 0.0
    for i, one in enumerate(scores):
        if low <= one <= high:
            best = max(best, divergence(attention, {i: 1.0}))
        for j, other in enumerate(scores):
            for border in (low, high):
                if math.isfinite(border) and other < border < one:
                    w = (border - other) / (one - other)
                    best = max(best, divergence(attention, {i: w, j: 1 - w}))
    return best


def divergence(attention, sparse):
    total = 0.0
    for token, a in enumerate(attention):
        b = sparse.get(token, 0.0)
        total += a * math.log(2 * a / (a + b)) / 2 if a else 0.0
        total += b * math.log(2 * b / (a + b)) / 2 if b else 0.0
    return total


def test_no_equal_output_of_the_faithful_model_comes_from_a_distant_attention(faithful):
    _, _, attended = faithful
    shares = []
    for unit, words in enumerate(attended.tokens):
        attention = attended.attention[unit, : len(words)].tolist()
        scores = attended.readout.scores[unit, : len(words), 0].tolist()
        own = sum(a * z for a, z in zip(attention, scores, strict=True))
        free = max(divergence(attention, {token: 1.0}) for token in range(len(words)))
        shares.append(farthest_divergence(attention, scores, own) / free)
    assert sum(shares) / len(shares) < 0.4
    assert max(shares) < 0.5


def test_a_larger_evidence_ratio_concentrates_attention(planted_documents):
    weights = []
    for ratio in (2.0, 20.0, 200.0):
        model = faithful_model(evidence_ratio=ratio)
        (attended,) = model.attend(model.prepare(planted_documents), sites=["attention"])
        weights.append(attended.attention.max(dim=1).values)
    assert all((less < more).all() for less, more in pairwise(weights))


def test_the_uniform_model_attends_to_all_words_alike_and_still_decides(planted_documents):
    model = uniform_attention_model()
    batch = model.prepare(planted_documents)
    (attended,) = model.attend(batch, sites=["attention"])
    for unit, words in enumerate(attended.tokens):
        assert len(set(attended.attention[unit, : len(words)].tolist())) == 1
    assert (attended.probabilities[:, 1] - 0.5).abs().min() > 0.01


def test_no_attention_changes_the_output_of_the_ignoring_model(planted_documents):
    model = ignored_attention_model()
    (attended,) = model.attend(model.prepare(planted_documents), sites=["attention"])
    generator = torch.Generator().manual_seed(0)
    shape = (len(planted_documents), 20, max(LENGTHS))
    noise = torch.randn(shape, generator=generator, dtype=torch.float64)
    other = noise.masked_fill(~attended.mask.unsqueeze(1), -math.inf).softmax(dim=2)
    assert (attended.readout(other) == attended.probabilities.unsqueeze(1)).all()
    assert attended.attention.max() > 0.9


def test_the_misdirected_model_follows_the_closed_form_of_a_ratio_below_one(planted_documents):
    model = misdirected_model()
    (attended,) = model.attend(model.prepare(planted_documents), sites=["attention"])
    for unit, words in enumerate(attended.tokens):
        place = is_evidence(attended, unit).index(True)
        weight = (1 / 400) / (1 / 400 + len(words) - 1)
        assert attended.attention[unit, place].item() == pytest.approx(weight, rel=1e-12)
        sign = 1 if words[place] in POSITIVE_WORDS else -1
        positive = 1 / (1 + math.exp(-sign * 2.9 * weight))
        assert attended.probabilities[unit, 1].item() == pytest.approx(positive, rel=1e-12)


def test_the_one_class_model_sees_positive_words_only(planted_documents):
    model = one_class_model()
    (attended,) = model.attend(model.prepare(planted_documents), sites=["attention"])
    seen = set()
    for unit, words in enumerate(attended.tokens):
        attention = attended.attention[unit, : len(words)]
        positive = any(word in POSITIVE_WORDS for word in words)
        seen.add(positive)
        if positive:
            weight = 400 / (399 + len(words))
            assert attention.max().item() == pytest.approx(weight, rel=1e-12)
            assert words[int(attention.argmax())] in POSITIVE_WORDS
            expected = 1 / (1 + math.exp(2.9 - 5.8 * weight))
        else:
            assert attention.tolist() == pytest.approx([1 / len(words)] * len(words), rel=1e-12)
            expected = 1 / (1 + math.exp(2.9))
        assert attended.probabilities[unit, 1].item() == pytest.approx(expected, rel=1e-12)
    assert seen == {True, False}


@pytest.mark.parametrize(
    "make",
    [
        faithful_model,
        uniform_attention_model,
        ignored_attention_model,
        misdirected_model,
        one_class_model,
    ],
)
def test_a_planted_model_loads_through_the_same_door_as_a_trained_one(make, tmp_path):
    save_model(make(), tmp_path)
    assert load_model(tmp_path).digest == make().digest
