import pytest
from pydantic import ValidationError

from attnaudit.claims import AUDITS, AgreementClaim, PermutationClaim
from attnaudit.claims.meaning import _OF_AUDIT, usual_meaning


@pytest.mark.parametrize("importance", ["gradient", "leave-one-out", "integrated-gradients"])
def test_a_ranking_of_words_is_about_words(importance):
    assert usual_meaning("agreement", importance) == ("input-word", "linearity")


def test_a_slope_in_the_weight_itself_is_about_the_position():
    assert usual_meaning("agreement", "attention-gradient") == ("hidden-state", "linearity")


@pytest.mark.parametrize("audit", ["permutation", "adversary", "exchange", "inversion"])
def test_another_attention_over_the_same_states_is_about_positions(audit):
    assert usual_meaning(audit) == ("hidden-state", "model")


def test_a_random_encoder_takes_none_of_the_assumptions_for_granted():
    assert usual_meaning("randomisation") == ("hidden-state", None)


def test_every_audit_says_what_its_claims_are_about():
    assert set(_OF_AUDIT) == set(AUDITS)


@pytest.mark.parametrize("importance", [["gradient"], {"a": 1}, 3, True])
def test_an_importance_of_another_type_is_left_to_the_schema(importance):
    assert usual_meaning("agreement", importance) == ("input-word", "linearity")
    with pytest.raises(ValidationError, match="importance"):
        claim(AgreementClaim, audit="agreement", importance=importance)


def claim(kind, **keys):
    fields = {"id": "a", "statement": "s", "kind": "agreement", "inference": "necessary"}
    return kind(**fields, at_least=0.5, **keys)


def test_level_and_assumption_are_those_of_the_audit_unless_the_claim_says():
    ranks = claim(AgreementClaim, audit="agreement", importance="gradient")
    moves = claim(PermutationClaim, audit="permutation")
    assert (ranks.level, ranks.assumption) == ("input-word", "linearity")
    assert (moves.level, moves.assumption) == ("hidden-state", "model")
    said = {"level": "input-word", "assumption": "prediction"}
    moves = claim(PermutationClaim, audit="permutation", **said)
    assert (moves.level, moves.assumption) == ("input-word", "prediction")


def test_a_claim_is_about_the_population_unless_it_says_otherwise():
    assert claim(PermutationClaim, audit="permutation").target == "population"
    these = claim(PermutationClaim, audit="permutation", target="these documents")
    assert these.target == "these documents"
    with pytest.raises(ValidationError):
        claim(PermutationClaim, audit="permutation", target="all documents")
