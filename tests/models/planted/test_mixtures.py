"""What is provable of models that are faithful in some documents only."""

import math

import numpy as np
import pytest

from attnaudit.measurements.agreement import agreement
from attnaudit.models import AttentionModel
from attnaudit.models.planted import (
    constructions,
    mixtures,
    planted_documents,
    sometimes_blind_model,
)

COUNT = 600
BY_NAME = {construction.name: construction for construction in mixtures()}


def taus_of(model, documents):
    batch = model.prepare(documents)
    rows = agreement(model, batch, site="attention", importance="gradient")
    return [row for row in rows if row.quantity == "tau"]


def values_of(name):
    construction = BY_NAME[name]
    documents = construction.documents(COUNT, np.random.default_rng(3))
    return np.array([row.value for row in taus_of(construction.model(), documents)])


def test_there_are_five_apart_from_the_pure_constructions():
    assert len(BY_NAME) == len(mixtures()) == 5
    assert not set(BY_NAME) & {one.name for one in constructions()}
    assert all(isinstance(one.model(), AttentionModel) for one in mixtures())


@pytest.mark.parametrize(
    ("name", "share"),
    [("half faithful", 0.5), ("mostly faithful", 0.98), ("rarely faithful", 0.02)],
)
def test_the_mean_correlation_with_the_gradient_is_the_share_of_faithful_documents(name, share):
    taus = values_of(name)
    error = taus.std(ddof=1) / math.sqrt(COUNT)
    assert abs(taus.mean() - share) < 4 * error
    # Blind attention puts the evidence first by chance in few documents of ten words and more.
    assert (taus > 1 - 1e-9).mean() == pytest.approx(share, abs=4 * math.sqrt(0.25 / COUNT))


def test_a_rarely_misdirected_document_has_the_opposite_order():
    taus = values_of("rarely misdirected")
    assert np.abs(taus) == pytest.approx(1.0)
    assert 0 < (taus < 0).sum() < 0.06 * COUNT


def test_the_collapsed_model_ranks_rightly_where_it_ranks_at_all():
    taus = values_of("collapsed")
    ranked = taus[~np.isnan(taus)]
    assert ranked == pytest.approx(1.0)
    assert 0 < len(ranked) < 0.1 * COUNT


def test_constant_attention_is_why_the_collapsed_model_ranks_nothing():
    construction = BY_NAME["collapsed"]
    documents = construction.documents(COUNT, np.random.default_rng(3))
    causes = {row.undefined for row in taus_of(construction.model(), documents)}
    assert causes == {None, "constant attention"}


def test_the_decisions_of_a_mixture_do_not_show_its_parts():
    documents = planted_documents(100, generator=np.random.default_rng(0))
    model = sometimes_blind_model(faithful_share=0.5)
    [attended] = model.attend(model.prepare(documents), sites=["attention"])
    positive = attended.probabilities[:, 1].numpy() > 0.5
    assert (positive == [document.label == "positive" for document in documents]).all()


def test_two_shares_are_two_models():
    digests = {sometimes_blind_model(faithful_share=share).digest for share in (0.1, 0.2, 0.3)}
    assert len(digests) == 3
