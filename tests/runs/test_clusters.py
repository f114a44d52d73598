"""Documents that come in clusters, audited through the public path and judged again."""

from dataclasses import replace

import numpy as np
import pytest

from attnaudit.errors import UsageError
from attnaudit.models import faithful_model
from attnaudit.runs.judged import judge_again

AUTHORS = 40


@pytest.fixture(scope="session")
def authored(planted_documents):
    """Documents of which each author wrote three."""
    return tuple(
        replace(document, cluster=f"author {number % AUTHORS}")
        for number, document in enumerate(planted_documents)
    )


@pytest.fixture
def claims(write_claims, claim_text):
    return write_claims(claim_text("a", draws=3))


def measurement_of(stored, claims):
    [entry], [claim] = stored.run.models, claims.claims
    return stored.measurement(entry, claim)


def test_what_is_stored_says_which_documents_come_together(authored, claims, audited):
    stored = audited(faithful_model(), authored, claims)
    found = measurement_of(stored, claims)
    expected = {document.id: document.cluster for document in authored}
    assert dict(zip(found.documents, found.groups["cluster"], strict=True)) == expected
    [row] = stored.run.claims
    assert (row.n, row.clusters) == (len(authored), AUTHORS)


def test_clusters_leave_less_to_decide_by_than_their_documents(
    authored, planted_documents, claims, audited
):
    clustered = audited(faithful_model(), authored, claims, name="a").run.claims[0]
    alone = audited(faithful_model(), planted_documents, claims, name="b").run.claims[0]
    assert clustered.estimate == pytest.approx(alone.estimate)
    assert clustered.low < alone.low


@pytest.mark.parametrize("adaptive", [False, True])
def test_judged_again_it_is_the_same_to_the_last_digit(authored, claims, audited, adaptive):
    stored = audited(faithful_model(), authored, claims, adaptive=adaptive)
    assert judge_again(stored, claims).claims == stored.run.claims


def test_authors_are_drawn_one_after_another(authored, claims, audited):
    stored = audited(faithful_model(), authored, claims, adaptive=True)
    found = measurement_of(stored, claims)
    assert found.draw.drawn < found.draw.population
    authors = np.array(found.groups["cluster"])[np.argsort(found.draw.place)].tolist()
    assert authors == [name for name in dict.fromkeys(authors) for _ in range(authors.count(name))]
    assert len(set(authors)) < AUTHORS


def test_a_document_that_cannot_be_used_is_stored_with_its_cluster(authored, claims, audited):
    unusable = replace(authored[0], tokens=(), text=None)
    stored = audited(faithful_model(), (unusable, *authored[1:]), claims)
    assert stored.run.models[0].documents.skipped.keys() == {unusable.id}
    [table] = stored.documents(stored.run.models[0]).tables()
    clusters = dict(zip(table["id"].to_pylist(), table["cluster"].to_pylist(), strict=True))
    assert clusters[unusable.id] == unusable.cluster


def test_half_of_these_documents_cannot_stand_for_the_rest_if_drawn_by_author(
    authored, write_claims, claim_text, audited
):
    these = write_claims(claim_text("a", draws=3, target='"these documents"'))
    with pytest.raises(UsageError, match="drawn, by cluster"):
        audited(faithful_model(), authored, these, adaptive=True)


def test_a_part_of_these_documents_is_not_taken_for_all_of_them(
    planted_documents, write_claims, claim_text, audited
):
    these = write_claims(claim_text("a", draws=3, target='"these documents"'))
    [row] = audited(faithful_model(), planted_documents, these, adaptive=True).run.claims
    assert row.drawn < len(planted_documents)
    assert row.low < row.estimate < row.high
