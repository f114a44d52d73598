"""Documents drawn until a claim is decided, through the public path."""

from dataclasses import replace

import pytest

import attnaudit
from attnaudit.claims import default_claims
from attnaudit.models import faithful_model
from attnaudit.records import Outcome
from attnaudit.reports.written import write_reports
from attnaudit.runs.drawn import in_order_of_drawing
from attnaudit.runs.judged import judge_again
from attnaudit.runs.stored import open_run
from attnaudit.store.common import common_documents

LABELS = ("negative", "positive")


def overall(run):
    return {row.id: row for row in run.claims if row.group == "overall"}


@pytest.fixture(scope="module")
def adaptive_run(planted_documents, tmp_path_factory):
    path = tmp_path_factory.mktemp("adaptive") / "run"
    attnaudit.audit(faithful_model(), planted_documents, adaptive=True, report=path)
    return open_run(path)


def test_claims_that_fewer_documents_decide_measure_fewer(adaptive_run, planted_documents):
    drawn = {row.drawn for row in overall(adaptive_run.run).values()}
    assert min(drawn) == 50
    for entry in adaptive_run.run.models:
        assert entry.documents.planned == entry.documents.population == len(planted_documents)
        assert entry.documents.n == max(drawn)
        measured = [
            sum(
                len(set(table["document"].to_pylist()))
                for table in adaptive_run.directory.measurement(key).tables()
            )
            for key in entry.measurements.values()
        ]
        assert min(measured) == 50


def test_its_settings_say_how_documents_were_drawn(adaptive_run, faithful_run):
    assert adaptive_run.run.settings.first_block == 50
    assert faithful_run.run.settings.first_block is None
    assert {row.drawn for row in overall(faithful_run.run).values()} == {120}


def test_judged_again_it_is_the_same_to_the_last_digit(adaptive_run):
    assert judge_again(adaptive_run, default_claims()) == adaptive_run.run


def test_no_claim_is_decided_otherwise_than_on_all_documents(adaptive_run, faithful_run):
    for name, row in overall(faithful_run.run).items():
        assert overall(adaptive_run.run)[name].outcome is row.outcome


def test_a_claim_by_class_is_open_until_the_last_class_has_been_drawn(
    planted_documents, write_claims, claim_text, audited
):
    drawn = in_order_of_drawing(planted_documents, seed=0)
    words = {label: [one for one in planted_documents if one.label == label] for label in LABELS}
    # In the order of drawing, all negative but the last thirty.
    texts = [*words["negative"], *words["negative"][:30], *words["positive"][:30]]
    documents = [
        replace(one, tokens=text.tokens, label=text.label)
        for one, text in zip(drawn, texts, strict=True)
    ]
    plain = write_claims(claim_text("plain", draws=3), name="plain.toml")
    by_class = write_claims(claim_text("by", draws=3, by=["predicted"]), name="by.toml")
    short, long = (
        overall(audited(faithful_model(), documents, claims, name=claims.digest, adaptive=True).run)
        for claims in (plain, by_class)
    )
    assert (short["plain"].drawn, short["plain"].outcome) == (50, Outcome.SUPPORTED)
    assert (long["by"].drawn, long["by"].outcome) == (120, Outcome.SUPPORTED)


def test_the_first_block_is_not_taken_for_all_of_these_documents(
    planted_documents, write_claims, claim_text, audited
):
    limit = 'at_least = 0.3\ntarget = "these documents"'
    claims = write_claims(claim_text("here", draws=3, limit=limit))
    stored = audited(faithful_model(), planted_documents, claims, adaptive=True)
    row = overall(stored.run)["here"]
    # Known to the last digit only once none is left.
    assert (row.low == row.high) == (row.drawn == 120)
    [entry] = stored.run.models
    assert stored.measurement(entry, claims.claims[0]).draw.population == 120
    assert judge_again(stored, claims) == stored.run


def test_the_order_of_the_documents_has_no_effect(
    planted_documents, write_claims, claim_text, audited
):
    claims = write_claims(claim_text("a", draws=3))
    one, other = (
        audited(faithful_model(), documents, claims, name=name, adaptive=True)
        for name, documents in (("a", planted_documents), ("b", planted_documents[::-1]))
    )
    first, second = (
        [(row.group, row.estimate, row.low, row.drawn) for row in stored.run.claims]
        for stored in (one, other)
    )
    assert first == second


def test_a_later_run_goes_on_from_what_is_measured(
    planted_documents, write_claims, claim_text, audited
):
    plain = write_claims(claim_text("plain", draws=3), name="plain.toml")
    open_ended = write_claims(
        claim_text("open", draws=3, limit="at_least = 0.45"), name="open.toml"
    )
    before = audited(faithful_model(), planted_documents, plain, adaptive=True)
    assert before.run.models[0].documents.n == 50
    after = audited(faithful_model(), planted_documents, open_ended, adaptive=True)
    [key] = after.run.models[0].measurements.values()
    assert [look.drawn for look in after.looks(after.run.models[0], key)] == [50, 100, 120]
    assert overall(after.run)["open"].outcome is Outcome.INCONCLUSIVE
    # What was stored for the first claim still gives its verdict.
    assert judge_again(after, plain).claims == before.run.claims


@pytest.fixture
def measured_model(planted_documents, write_claims, claim_text, audited):
    """Audits the model in one directory; gives it as run.json names it."""

    def run():
        claims = write_claims(claim_text("a", draws=3))
        return audited(faithful_model(), planted_documents, claims).run.models[0]

    return run


@pytest.mark.parametrize("name", ["FIRST_BLOCK", "DOCUMENTS_PER_PART"])
def test_a_run_does_not_go_on_from_parts_that_end_elsewhere(measured_model, monkeypatch, name):
    before = measured_model()
    assert before == measured_model()
    monkeypatch.setattr(f"attnaudit.runs.auditor.{name}", 30)
    after = measured_model()
    assert before.documents_key != after.documents_key
    assert before.measurements.keys() == after.measurements.keys()
    assert not {*before.measurements.values()} & {*after.measurements.values()}


def test_reports_show_documents_with_all_that_was_measured_of_them(adaptive_run):
    common, directory = common_documents(adaptive_run.run, adaptive_run.directory)
    [entry] = common.models
    assert entry.documents.n == 50
    assert sum(len(table) for table in directory.documents(entry.documents_key).tables()) == 50
    assert common.claims == adaptive_run.run.claims
    page, table = write_reports(adaptive_run.run, adaptive_run.directory)
    assert page.exists()
    assert table.exists()


def test_a_run_on_all_documents_is_shown_as_it_is(faithful_run):
    assert common_documents(faithful_run.run, faithful_run.directory) == (
        faithful_run.run,
        faithful_run.directory,
    )
