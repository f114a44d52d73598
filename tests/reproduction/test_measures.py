"""The three correlations of each document, one at a time, by scipy."""

import math

import pytest
import torch
from scipy import stats

from attnaudit.measurements.adversary import adversary
from attnaudit.measurements.importance import gradient_importance, leave_one_out_importance
from attnaudit.measurements.permutation import permutation
from attnaudit.records import Document
from attnaudit.reproduction.distant import searched
from attnaudit.reproduction.measures import measures_of, three_agreements

TEXTS = ("the film was never dull", "great plot but we laughed", "awful", "a film a film a plot")


@pytest.fixture
def model(make_model):
    return make_model(encoder="bilstm").to(device=torch.device("cpu"), dtype=torch.float64)


@pytest.fixture
def batch(model):
    return model.prepare([Document(id=text, text=text) for text in TEXTS])


def test_each_pair_of_rankings_is_correlated_as_scipy_does(model, batch):
    rows = {
        (row.document, row.quantity): row
        for row in three_agreements(model, batch, site="attention")
    }
    for text in TEXTS:
        alone = model.prepare([Document(id=text, text=text)])
        [attended] = model.attend(alone, sites=["attention"])
        sides = {
            "attention": attended.attention[0],
            "gradient": gradient_importance(model, alone)[0],
            "leave-one-out": leave_one_out_importance(model, alone, attended.probabilities)[0],
        }
        for name, first, second in (
            ("gradient", "attention", "gradient"),
            ("leave-one-out", "attention", "leave-one-out"),
            ("gradient-leave-one-out", "gradient", "leave-one-out"),
        ):
            tau, pvalue = rows[text, f"tau-{name}"], rows[text, f"p-value-{name}"]
            if len(text.split()) == 1:
                assert (tau.undefined, math.isnan(tau.value)) == ("one token", True)
                continue
            expected = stats.kendalltau(sides[first].numpy(), sides[second].numpy())
            assert tau.value == pytest.approx(expected.statistic, abs=1e-9)
            assert pvalue.value == pytest.approx(expected.pvalue, abs=1e-9)


def test_the_search_of_a_document_does_not_depend_on_its_batch(model, batch):
    together = {row.document: row.value for row in searched(model, batch, site="attention", seed=7)}
    for text in TEXTS:
        alone = model.prepare([Document(id=text, text=text)])
        [row] = searched(model, alone, site="attention", seed=7)
        assert row.value == pytest.approx(together[text], abs=1e-6)
    assert together["awful"] == 0


def test_the_search_finds_no_more_than_the_exact_solution(model, batch):
    found = measures_of(model, site="attention", seed=0)
    exact = {row.document: row.value for row in found["exact"](batch)}
    for row in found["search"](batch):
        assert row.value <= exact[row.document] + 1e-9


def test_what_is_solved_and_shuffled_is_what_an_audit_measures(model, batch):
    found = measures_of(model, site="attention", seed=3)
    settings = {"max_tvd": 0.05, "method": "auto", "restarts": 5, "steps": 500, "seed": 3}
    for name, quantity, audited in (
        ("exact", "divergence", adversary(model, batch, site="attention", **settings)),
        ("permutation", "tvd", permutation(model, batch, site="attention", draws=100, seed=3)),
    ):
        expected = {row.document: row.value for row in audited if row.quantity == quantity}
        assert {row.document: row.value for row in found[name](batch)} == expected
