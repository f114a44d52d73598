import shutil
from dataclasses import replace

import pytest

import attnaudit
from attnaudit.claims import load_claims
from attnaudit.errors import UsageError
from attnaudit.models import faithful_model, uniform_attention_model
from attnaudit.reports import written

CLAIM = """
[[claim]]
id = "{name}"
statement = "s"
audit = "permutation"
at_least = {limit}
margin = 0.05
kind = "faithfulness"
inference = "necessary"
"""


def write_claims(path, claims):
    tables = (CLAIM.format(name=name, limit=limit) for name, limit in claims.items())
    path.write_text("schema = 1\n" + "".join(tables))
    return path


@pytest.fixture(scope="module")
def earlier(tmp_path_factory, planted_documents):
    """Runs of before, about the claims "order" and "gone" that shuffling changes the output."""
    root = tmp_path_factory.mktemp("earlier")
    claims = load_claims(write_claims(root / "claims.toml", {"order": 0.1, "gone": 0.2}))
    fewer = replace(claims, claims=claims.claims[:1])
    for name, model in (("faithful", faithful_model()), ("uniform", uniform_attention_model())):
        attnaudit.audit(model, planted_documents, fewer, name=name, report=root / name)
    attnaudit.audit(faithful_model(), planted_documents, claims, name="two", report=root / "two")
    return root


@pytest.fixture
def audited(audit_session, planted_directories, tmp_path):
    """A quick audit by the claim "order" alone."""

    def run(model, *options, limit=0.1, extra="", **keywords):
        path = write_claims(tmp_path / "claims.toml", {"order": limit})
        path.write_text(path.read_text() + extra)
        arguments = ("--model", planted_directories[model], "--claims", path, "--device", "cpu")
        return audit_session(*arguments, *options, **keywords)

    return run


def since(session):
    """The lines about the baseline."""
    _, found, rest = session.text.partition(" since ")
    assert found, "no comparison with a baseline"
    return rest.splitlines()[1:]


def test_without_a_baseline_nothing_is_compared(audited):
    assert " since " not in audited("faithful").text


def test_the_same_weights_are_unchanged_and_the_run_passes(audited, earlier):
    session = audited("faithful", "--attn-baseline", earlier / "faithful")
    assert session.status == pytest.ExitCode.OK
    expected = ["unchanged", "faithful", "order", "supported", "supported"]
    assert since(session)[1].split()[:5] == expected
    assert "to the last bit" in session.text


def test_a_run_that_replaces_its_own_baseline_is_compared_with_what_was_there(
    audited, earlier, pytester
):
    shutil.copytree(earlier / "uniform", pytester.path / "run")
    session = audited("faithful", "--attn-baseline", pytester.path / "run", report="run")
    assert since(session)[1].split()[:3] == ["improved", "faithful", "order"]
    assert session.run["models"][0]["name"] == "faithful"


def test_worse_weights_fail_the_session_also_where_undecided_claims_only_warn(audited, earlier):
    options = ("--attn-baseline", earlier / "faithful", "--attn-inconclusive", "warn")
    # So little is asked that attention without any effect is not refuted.
    session = audited("uniform", *options, limit=0.001)
    # Audits that no claim is about are skipped.
    assert session.result.parseoutcomes().keys() == {"passed", "skipped"}
    assert since(session)[1].split()[:3] == ["worse", "uniform", "order"]
    assert session.status == pytest.ExitCode.TESTS_FAILED


def test_reports_that_cannot_be_written_do_not_hide_what_got_worse(audited, earlier, monkeypatch):
    def fail(*_):
        raise UsageError("no space is left")

    monkeypatch.setattr(written, "write_whole", fail)
    options = ("--attn-baseline", earlier / "faithful", "--attn-inconclusive", "warn")
    session = audited("uniform", *options, limit=0.001)
    assert since(session)[1].split()[:3] == ["worse", "uniform", "order"]
    assert "the reports could not be written: no space is left" in session.text
    assert session.status == pytest.ExitCode.TESTS_FAILED


def test_an_advisory_claim_that_is_worse_does_not_fail_the_session(audited, earlier):
    options = ("--attn-baseline", earlier / "faithful")
    session = audited("uniform", *options, extra="required = false\n")
    assert since(session)[1].startswith("worse (advisory)")
    assert session.status == pytest.ExitCode.OK


def test_a_supported_claim_that_is_no_longer_made_fails_the_session(audited, earlier):
    session = audited("faithful", "--attn-baseline", earlier / "two")
    assert "not in the new run: gone of two" in session.text
    # Audits that no claim is about are skipped.
    assert session.result.parseoutcomes().keys() == {"passed", "skipped"}
    assert session.status == pytest.ExitCode.TESTS_FAILED


def test_a_worker_compares_nothing_and_its_controller_everything(audited, earlier, pytester):
    options = ("--attn-baseline", earlier / "faithful", "-n", 1)
    session = audited("uniform", *options, process=pytester.runpytest)
    assert since(session)[1].split()[:3] == ["worse", "uniform", "order"]
    assert session.text.count(" since ") == 1


def test_a_folder_without_a_run_is_a_usage_error_before_anything_is_measured(audited, tmp_path):
    session = audited("faithful", "--attn-baseline", tmp_path / "nothing")
    assert session.status == pytest.ExitCode.USAGE_ERROR
    assert "--attn-baseline: " in session.text
    assert "run.json cannot be read" in session.text
    assert "attention claims" not in session.text


def test_a_baseline_that_was_not_copied_whole_is_a_usage_error(audited, earlier, tmp_path):
    (tmp_path / "part").mkdir()
    shutil.copy(earlier / "faithful" / "run.json", tmp_path / "part")
    session = audited("faithful", "--attn-baseline", tmp_path / "part")
    assert session.status == pytest.ExitCode.USAGE_ERROR
    assert "cannot be compared: " in session.text
    assert "copy the whole run directory" in session.text


def test_other_values_of_the_same_weights_are_an_internal_error(audited, earlier, monkeypatch):
    # As if a second measurement had come out otherwise.
    monkeypatch.setattr("attnaudit.runs.same_weights.largest_gap", lambda *_: 0.5)
    session = audited("faithful", "--attn-baseline", earlier / "faithful")
    assert session.status == pytest.ExitCode.INTERNAL_ERROR
    assert "error of the tool" in session.text
