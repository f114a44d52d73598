"""The rule that says what is true of a drawn construction, against documents written by hand."""

import numpy as np
import pytest
from drawn_constructions import Drawn, drawn_construction
from drawn_policies import NOBODY
from drawn_truth import class_logits, log_odds, pointing_above_chance, points, truth_of
from scipy.special import log_softmax, logit, softmax

NO_BIAS = np.zeros(1)


def document(scores, evidence):
    return Drawn(
        words=tuple("w0" for _ in scores),
        scores=np.array(scores, dtype=float)[:, None],
        evidence=np.array(evidence),
        attention=np.full(len(scores), 1 / len(scores)),
    )


ONE_WORD = document([4.0, 0.0, 0.0, 0.0], [1, NOBODY, NOBODY, NOBODY])
# Three words argue for class 1, one for class 0.
DIVIDED = document([4.0, 4.0, 4.0, -4.0, 0.0], [1, 1, 1, 0, NOBODY])


def test_attention_on_the_one_word_that_decides_points():
    assert points(ONE_WORD, np.array([0.91, 0.03, 0.03, 0.03]), bias=NO_BIAS)


def test_attention_on_a_neutral_word_does_not_point_though_the_evidence_decides():
    assert not points(ONE_WORD, np.array([0.03, 0.91, 0.03, 0.03]), bias=NO_BIAS)


def test_evidence_too_weak_to_be_missed_is_not_pointed_at():
    weak = document([0.5, 0.0, 0.0, 0.0], [1, NOBODY, NOBODY, NOBODY])
    assert not points(weak, np.array([0.91, 0.03, 0.03, 0.03]), bias=NO_BIAS)


def test_attention_on_opposing_evidence_points_where_the_prediction_follows_it():
    assert points(DIVIDED, np.array([0.02, 0.02, 0.02, 0.92, 0.02]), bias=NO_BIAS)


def test_attention_on_evidence_against_the_predicted_class_does_not_point():
    # A bias of 9 outweighs the word.
    assert not points(DIVIDED, np.array([0.02, 0.02, 0.02, 0.92, 0.02]), bias=np.array([9.0]))


def test_attention_shared_by_all_evidence_points_though_no_single_word_would_be_missed():
    assert points(DIVIDED, np.array([0.32, 0.32, 0.32, 0.02, 0.02]), bias=NO_BIAS)


def test_constant_attention_points_nowhere():
    assert not points(DIVIDED, DIVIDED.attention, bias=NO_BIAS)


def test_one_output_is_the_log_odds_of_the_second_class():
    probability = 0.83
    logits = class_logits(np.array([logit(probability)]))
    assert softmax(logits)[1] == pytest.approx(probability)
    assert log_odds(logits, 0) == pytest.approx(logit(1 - probability))


def test_log_odds_are_of_one_class_against_all_others_together():
    logits = np.random.default_rng(0).normal(size=4)
    chosen = np.exp(log_softmax(logits))[2]
    assert log_odds(logits, 2) == pytest.approx(logit(chosen))


@pytest.mark.parametrize(
    ("policy", "truth"),
    [("pointing", "special"), ("at all evidence", "special"), ("away", "not special")],
)
def test_the_truth_of_a_construction_follows_its_policy(policy, truth):
    model, _ = drawn_construction(policy, number=1, count=60)
    assert truth_of(pointing_above_chance(model)) == truth


def test_the_number_is_the_share_of_pointing_documents_less_its_chance():
    model, _ = drawn_construction("pointing, 50 %", number=3, count=20)
    expected = []
    for one in model.documents.values():
        tokens = len(one.attention)
        turned = [
            np.array([one.attention[(t + by) % tokens] for t in range(tokens)])
            for by in range(tokens)
        ]
        judged = [points(one, attention, bias=model.traits.bias) for attention in turned]
        expected.append(judged[0] - sum(judged) / tokens)
    assert pointing_above_chance(model) == pytest.approx(sum(expected) / len(expected))
