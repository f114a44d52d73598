"""What is provable of each construction, through the measurements that audits run."""

import math
from collections import defaultdict

import numpy as np
import pytest

from attnaudit.adversaries import exact_adversary
from attnaudit.measurements.agreement import agreement
from attnaudit.measurements.exchange import exchange
from attnaudit.measurements.importance import leave_one_out_importance
from attnaudit.measurements.inversion import inversion
from attnaudit.measurements.permutation import permutation
from attnaudit.models import AttentionModel
from attnaudit.models.planted import NEGATIVE_WORDS, POSITIVE_WORDS, constructions

COUNT = 120
EVIDENCE = POSITIVE_WORDS + NEGATIVE_WORDS
BY_NAME = {construction.name: construction for construction in constructions()}


class Case:
    """One construction with its documents, seen and measured."""

    def __init__(self, name):
        construction = BY_NAME[name]
        self.model = construction.model()
        self.documents = construction.documents(COUNT, np.random.default_rng(7))
        self.batch = self.model.prepare(self.documents)
        [self.attended] = self.model.attend(self.batch, sites=["attention"])
        common = {"site": "attention", "seed": 0}
        changes = {"max_logit_change": 0.5, "draws": 20}
        self.rows = {
            "exchange": exchange(self.model, self.batch, max_tvd=0.05, **changes, **common),
            "inversion": inversion(self.model, self.batch, exponent=-1.0, **changes, **common),
            "permutation": permutation(self.model, self.batch, draws=100, **common),
        }
        for importance in ("gradient", "leave-one-out"):
            self.rows[importance] = agreement(
                self.model, self.batch, site="attention", importance=importance
            )

    def values(self, audit, quantity):
        return np.array([row.value for row in self.rows[audit] if row.quantity == quantity])

    def causes(self, audit, quantity):
        return {row.undefined for row in self.rows[audit] if row.quantity == quantity}

    @property
    def lengths(self):
        return np.array([len(document.tokens) for document in self.documents])

    @property
    def leave_one_out(self):
        return leave_one_out_importance(self.model, self.batch, self.attended.probabilities)

    def evidence(self, row):
        return [t for t, word in enumerate(self.documents[row].tokens) if word in EVIDENCE]


class Cases(defaultdict):
    def __missing__(self, name):
        self[name] = Case(name)
        return self[name]


@pytest.fixture(scope="module")
def cases():
    return Cases()


def indistinguishable_from(values, expected):
    """Within five standard errors: one mean in a million lies farther."""
    return abs(values.mean() - expected) < 5 * values.std(ddof=1) / math.sqrt(len(values))


def test_there_are_eight_with_different_names_that_are_attention_models():
    assert len(BY_NAME) == len(constructions()) == 8
    assert all(isinstance(one.model(), AttentionModel) for one in constructions())


@pytest.mark.parametrize("importance", ["gradient", "leave-one-out"])
@pytest.mark.parametrize(("name", "tau"), [("faithful", 1.0), ("misdirected", -1.0)])
def test_two_valued_attention_on_the_same_words_agrees_perfectly_or_not_at_all(
    cases, name, tau, importance
):
    assert cases[name].values(importance, "tau") == pytest.approx(tau)


def test_no_exchange_of_the_faithful_model_goes_unnoticed_and_inverting_takes_all(cases):
    faithful = cases["faithful"]
    assert not faithful.values("exchange", "logit-share").any()
    assert not faithful.values("exchange", "output-share").any()
    assert (faithful.values("inversion", "decision-weakened") == 1).all()
    # u' = s / r / (1 / r + T - 1) keeps its sign, so the decision stays what it was.
    assert not faithful.values("inversion", "decision-changed").any()
    assert faithful.values("exchange", "share-of-free-maximum").max() < 0.5


def test_a_shuffled_faithful_model_moves_by_the_evidence_at_a_neutral_weight(cases):
    faithful = cases["faithful"]
    others = faithful.lengths - 1
    own, moved = (1 / (1 + np.exp(-2.9 * weight / (400 + others))) for weight in (400.0, 1.0))
    assert faithful.values("permutation", "tvd") == pytest.approx(own - moved)


def test_the_null_of_the_faithful_model_is_that_of_a_uniform_top_position(cases):
    faithful = cases["faithful"]
    # On the evidence once in T: nothing goes unnoticed. Elsewhere all but the evidence does.
    expected = (1 - 1 / faithful.lengths) * (1 - 1 / (faithful.lengths - 1))
    difference = faithful.values("exchange", "logit-share-null") - expected
    assert indistinguishable_from(difference, 0.0)


def test_blind_attention_is_on_average_what_its_null_is(cases):
    blind = cases["blind"]
    assert indistinguishable_from(blind.values("gradient", "tau"), 0.0)
    for audit, quantity in (
        ("exchange", "logit-share-above-null"),
        ("exchange", "output-share-above-null"),
        ("exchange", "share-of-free-maximum-above-null"),
        ("inversion", "tvd-above-null"),
        ("inversion", "decision-weakened-above-null"),
    ):
        assert indistinguishable_from(blind.values(audit, quantity), 0.0), quantity


def test_the_misdirected_model_has_no_special_top_and_gains_by_inversion(cases):
    misdirected = cases["misdirected"]
    assert misdirected.values("exchange", "logit-share").min() == pytest.approx(1.0)
    assert (misdirected.values("inversion", "decision-weakened") == -1).all()
    assert misdirected.values("inversion", "log-odds-lost").max() < -2
    assert misdirected.values("inversion", "tvd").min() > 0.3


def test_no_attention_moves_the_averaging_model_though_leaving_out_the_evidence_does(cases):
    averaging = cases["averaging"]
    attended = averaging.attended
    for audit, quantity in (("permutation", "tvd"), ("inversion", "tvd"), ("inversion", "tvd(-2)")):
        assert averaging.values(audit, quantity) == pytest.approx(0.0, abs=1e-12)
    assert (averaging.values("exchange", "output-share") == 1).all()
    assert (averaging.values("exchange", "logit-share-above-null") == 0).all()
    assert averaging.values("exchange", "output-width") == pytest.approx(0.0, abs=1e-12)
    farthest = exact_adversary(attended.attention, attended.mask, attended.readout, max_tvd=0.05)
    assert farthest.divergence.tolist() == pytest.approx(farthest.free_maximum.tolist())
    left = averaging.leave_one_out
    assert min(left[row, averaging.evidence(row)].item() for row in range(COUNT)) > 0.15


def test_constant_attention_ranks_nothing_and_changes_nothing(cases):
    uniform = cases["uniform"]
    assert uniform.causes("gradient", "tau") == {"constant attention"}
    assert (uniform.values("exchange", "logit-share") == 1).all()
    assert (uniform.values("exchange", "logit-share-above-null") == 0).all()
    for audit in ("permutation", "inversion"):
        assert uniform.values(audit, "tvd") == pytest.approx(0.0, abs=1e-12)


def test_the_one_class_model_is_faithful_in_one_class_and_uniform_in_the_other(cases):
    one_class = cases["one class"]
    positive = np.array([document.label == "positive" for document in one_class.documents])
    difference = one_class.values("exchange", "logit-share-above-null")
    assert (difference[positive] < -0.5).all()
    assert (difference[~positive] == 0).all()
    overall = positive.mean() * difference[positive].mean()
    # True of all documents together, and false of one class: what groups are for.
    assert difference.mean() == pytest.approx(overall)
    assert overall < -0.1
    taus = one_class.values("gradient", "tau")
    assert taus[positive] == pytest.approx(1.0)
    assert np.isnan(taus[~positive]).all()
    predicted = one_class.attended.probabilities.argmax(dim=1).numpy() == 1
    assert (predicted == positive).all()


def test_the_copies_of_redundant_evidence_are_exchangeable_and_each_can_be_left_out(cases):
    redundant = cases["redundant"]
    # Two of the other T - 1 positions hold the same as the top one.
    expected = 2 / (redundant.lengths - 1)
    assert redundant.values("exchange", "logit-share") == pytest.approx(expected)
    assert redundant.values("exchange", "output-share") == pytest.approx(expected)
    assert redundant.leave_one_out.max() < 0.001
    assert (redundant.attended.probabilities[:, 1] - 0.5).abs().min() > 0.45
    # Attention names a cause; the importance that removes one word at a time does not see it.
    assert redundant.values("leave-one-out", "tau").mean() < 0.7


def test_leaking_evidence_is_true_of_the_word_and_exchangeable_at_its_neighbours(cases):
    leaking = cases["leaking"]
    assert leaking.values("gradient", "tau") == pytest.approx(1.0)
    left = leaking.leave_one_out
    for row in range(COUNT):
        assert [int(left[row].argmax())] == leaking.evidence(row)
        assert left[row].max().item() == pytest.approx(
            abs(leaking.attended.probabilities[row, 1].item() - 0.5), abs=1e-12
        )
    assert not leaking.values("exchange", "logit-share").any()
    assert (leaking.values("exchange", "output-share") > 0).all()
