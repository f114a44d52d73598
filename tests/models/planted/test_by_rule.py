import math

import numpy as np
import pytest
import torch
from scipy.stats import kstest

from attnaudit.models.planted import (
    NEUTRAL_WORDS,
    POSITIVE_WORDS,
    averaging_model,
    blind_model,
    leaking_model,
    redundant_model,
    word_codes,
)
from attnaudit.records import Document


def attended_by(model, *texts):
    documents = [Document(id=f"d{n}", tokens=tuple(text.split())) for n, text in enumerate(texts)]
    [attended] = model.attend(model.prepare(documents), sites=["attention"])
    return attended


def test_neutral_codes_are_normal_with_the_spread_that_is_asked_for():
    codes = word_codes(evidence_logit=6.0, neutral_spread=0.3)
    neutral = np.array([codes[word] for word in NEUTRAL_WORDS])
    assert neutral.mean() == pytest.approx(0.0, abs=1e-12)
    assert neutral.std() == pytest.approx(0.3, rel=0.05)
    assert kstest(neutral / 0.3, "norm").pvalue > 0.5
    # Their order is not that of the alphabet.
    assert abs(np.corrcoef(neutral, np.arange(len(neutral)))[0, 1]) < 0.3
    assert codes["superb"] == -codes["awful"] == 6.0


def test_blind_attention_depends_on_document_and_place_and_not_on_words():
    same = attended_by(blind_model(), "a superb b c").attention
    assert (attended_by(blind_model(), "the film was awful").attention == same).all()
    assert (attended_by(blind_model(), "x", "a superb b c").attention[1] != same[0]).all()


def test_blind_scores_are_normal_with_the_spread_that_is_asked_for():
    attention = attended_by(blind_model(spread=2.0), " ".join(["film"] * 3000)).attention[0]
    scores = attention.log()
    assert kstest((scores - scores.mean()) / 2.0, "norm").pvalue > 1e-3


def test_every_position_of_the_averaging_model_holds_the_same():
    attended = attended_by(averaging_model(), "a superb b c")
    assert attended.readout.scores[0, :, 0].tolist() == pytest.approx([30 / 4] * 4)
    assert attended.attention[0].argmax() == 1


def test_the_redundant_model_attends_to_the_first_evidence_word():
    attended = attended_by(redundant_model(), "a awful b awful", "b superb")
    assert attended.attention.argmax(dim=1).tolist() == [1, 1]
    assert attended.attention[0].tolist() == pytest.approx([1 / 403, 400 / 403, 1 / 403, 1 / 403])
    assert attended.readout.scores[0, :, 0].tolist() == [0.0, -6.0, 0.0, -6.0]


def test_without_evidence_the_redundant_model_attends_everywhere_alike():
    attended = attended_by(redundant_model(), "a b c")
    assert attended.attention[0].tolist() == pytest.approx([1 / 3] * 3)


def test_the_evidence_of_the_leaking_model_fades_with_the_distance():
    attended = attended_by(leaking_model(reach=2.0), f"a b {POSITIVE_WORDS[0]} c")
    expected = [6 * math.exp(-distance / 2) for distance in (2, 1, 0, 1)]
    assert attended.readout.scores[0, :, 0].tolist() == pytest.approx(expected)
    assert attended.attention[0].argmax() == 2
    assert torch.allclose(attended.attention.sum(), torch.tensor(1.0, dtype=torch.float64))
