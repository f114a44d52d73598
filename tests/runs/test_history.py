import pytest

from attnaudit.claims import ClaimSet, default_claims
from attnaudit.models import faithful_model
from attnaudit.reports.notes import note_lines
from attnaudit.runs.auditor import Auditor
from attnaudit.runs.history import earlier_run, note_claims
from attnaudit.runs.plan import Request, Subject, plan_subjects
from attnaudit.store.directory import create_run_directory


@pytest.fixture
def runs(audited, planted_documents, write_claims, claim_text):
    """Audits one after the other in one directory, by claims of these thresholds."""

    def run(*thresholds, documents=planted_documents[:30]):
        found = []
        for threshold in thresholds:
            claims = write_claims(claim_text("a", draws=2, limit=f"at_least = {threshold}"))
            found.append(audited(faithful_model(), documents, claims).run)
        return found

    return run


@pytest.fixture
def planned(planted_documents):
    """A plan whose claims have this digest."""

    def plan(digest):
        defaults = default_claims()
        claims = ClaimSet(claims=defaults.claims, source=defaults.source, digest=digest)
        subject = Subject(
            name="model",
            source="python",
            documents=planted_documents[:30],
            documents_source="python",
            digest="d",
            claims=claims,
        )
        return plan_subjects(Request(), (subject,))

    return plan


def warnings(run):
    return [line for line in note_lines(run) if line.startswith("warning")]


def test_a_first_run_has_a_history_of_one_and_no_warning(runs):
    [run] = runs(0.1)
    [entry] = run.models
    assert entry.claims_history == (entry.claims_digest,)
    assert not warnings(run)


def test_changed_claims_are_told_in_every_later_run(runs):
    first, second, third = runs(0.1, 0.2, 0.2)
    digests = [run.models[0].claims_digest for run in (first, second)]
    for later in (second, third):
        assert later.models[0].claims_history == tuple(digests)
        [line] = warnings(later)
        assert "not those that a first run" in line


def test_whoever_goes_back_to_the_first_claims_is_not_warned(runs):
    *_, last = runs(0.1, 0.2, 0.1)
    assert len(last.models[0].claims_history) == 2
    assert not warnings(last)


def test_other_documents_have_a_history_of_their_own(runs, planted_documents):
    runs(0.1)
    [run] = runs(0.2, documents=planted_documents[30:60])
    assert not warnings(run)


def test_a_run_of_other_documents_in_between_does_not_lose_the_first_claims(
    runs, planted_documents
):
    [first] = runs(0.1)
    runs(0.3, documents=planted_documents[30:60])
    [last] = runs(0.2)
    assert last.models[0].claims_history[0] == first.models[0].claims_digest
    assert warnings(last)


def test_claims_are_on_record_before_anything_is_measured(planned, tmp_path):
    directory = create_run_directory(tmp_path / "run")
    Auditor(planned("first"), directory)
    Auditor(planned("second"), directory)
    assert [one.claims for one in earlier_run(directory)] == ["first", "second"]
    assert not directory.run_file.exists()


def test_the_record_takes_over_what_a_run_without_one_says(runs, tmp_path):
    first, second = runs(0.1, 0.2)
    (tmp_path / "run" / "claims-history.json").unlink()
    [third] = runs(0.3)
    digests = [run.models[0].claims_digest for run in (first, second, third)]
    assert list(third.models[0].claims_history) == digests


def test_a_run_json_of_another_schema_tells_nothing(planned, tmp_path):
    directory = create_run_directory(tmp_path)
    directory.run_file.write_text('{"schema": 0}')
    note_claims(planned("first"), directory)
    assert [one.claims for one in earlier_run(directory)] == ["first"]
