import math

import numpy as np
import pytest
from scipy.stats import binomtest

from attnaudit.models.planted.rules import blind_rule, evidence_rule, mixed_rule


def always(score):
    return lambda _document, words: [score] * len(words)


def test_the_first_evidence_word_alone_is_apart():
    scores = evidence_rule(evidence_ratio=400.0)("d", ("a", "awful", "superb"))
    assert scores == [0.0, pytest.approx(math.log(400)), 0.0]
    assert evidence_rule(evidence_ratio=400.0)("d", ("a", "b")) == [0.0, 0.0]


def test_evidence_of_ratio_one_is_like_any_other_word():
    assert evidence_rule(evidence_ratio=1.0)("d", ("a", "awful", "b")) == [0.0, 0.0, 0.0]


def test_blind_scores_follow_the_spread_and_never_the_words():
    narrow, wide = blind_rule(spread=1.0), blind_rule(spread=3.0)
    assert wide("d", ("a", "b")) == pytest.approx([3 * score for score in narrow("d", ("c", "e"))])
    assert narrow("d", ("a", "b")) != narrow("other", ("a", "b"))


@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_a_mixed_rule_follows_the_first_in_its_share_of_documents(share):
    rule = mixed_rule(always(1.0), always(0.0), share=share)
    first = sum(rule(f"d{number}", ("a",)) == [1.0] for number in range(4_000))
    assert binomtest(first, 4_000, share).pvalue > 1e-4


def test_which_rule_a_document_follows_depends_on_its_id_alone():
    rule = mixed_rule(always(1.0), always(0.0), share=0.5)
    for number in range(50):
        long = rule(f"d{number}", ("a", "superb", "c"))
        assert set(long) == set(rule(f"d{number}", ("b",)))


def test_the_part_of_a_document_says_nothing_of_its_blind_scores():
    # Both come from the id; if they were the same number, faithful documents would differ.
    blind = blind_rule(spread=1.0)
    part = mixed_rule(always(1.0), always(0.0), share=0.5)
    names = [f"d{number}" for number in range(2_000)]
    chosen = np.array([part(name, ("a",))[0] for name in names])
    scores = np.array([blind(name, ("a",))[0] for name in names])
    assert abs(np.corrcoef(chosen, scores)[0, 1]) < 0.1
