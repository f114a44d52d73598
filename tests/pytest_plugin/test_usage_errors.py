import shutil
import sys

import pytest


@pytest.fixture
def faithful(planted_directories, tmp_path):
    """A copy that a test may spoil."""
    return shutil.copytree(planted_directories["faithful"], tmp_path / "faithful")


def assert_usage_error(session, *words):
    assert session.status == pytest.ExitCode.USAGE_ERROR
    assert all(word in session.text for word in words), session.text
    assert "Traceback" not in session.text


def test_a_missing_model_directory(audit_session, tmp_path):
    assert_usage_error(audit_session("--model", tmp_path / "no"), "no such directory")


def test_an_empty_model_directory(audit_session, tmp_path):
    assert_usage_error(audit_session("--model", tmp_path), "empty", "config.json")


def test_a_model_without_documents(audit_session, faithful):
    (faithful / "audit.toml").unlink()
    assert_usage_error(audit_session("--model", faithful), "audit.toml", "--data")


def test_a_factory_without_documents(audit_session):
    session = audit_session("--model", "attnaudit.models:faithful_model")
    assert_usage_error(session, "--data")


def test_an_unknown_data_set(audit_session, faithful):
    session = audit_session("--model", faithful, "--data", "no-such-set")
    assert_usage_error(session, "no-such-set", "20news-sports")


@pytest.mark.parametrize("named_by", ["the-user", "audit.toml"])
def test_a_set_of_the_hub_without_the_extra(
    audit_session, faithful, monkeypatch, tmp_path, named_by
):
    monkeypatch.setenv("ATTNAUDIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setitem(sys.modules, "datasets", None)
    options = ["--model", faithful]
    if named_by == "the-user":
        options += ["--data", "imdb"]
    else:
        (faithful / "audit.toml").write_text('data = "imdb"\n')
    assert_usage_error(audit_session(*options), "pip install 'attnaudit[datasets]'")


def test_data_without_a_document(audit_session, faithful, tmp_path):
    (tmp_path / "empty.csv").write_text("text,label\n")
    session = audit_session("--model", faithful, "--data", tmp_path / "empty.csv")
    assert_usage_error(session, "empty.csv")


def test_data_in_broken_utf_8(audit_session, faithful, tmp_path):
    (tmp_path / "broken.csv").write_bytes(b"text,label\ngood,positive\nb\xff\xfed,negative\n")
    session = audit_session("--model", faithful, "--data", tmp_path / "broken.csv")
    assert_usage_error(session, "broken.csv", "UTF-8")


def test_a_label_that_is_no_class(audit_session, faithful, tmp_path):
    (tmp_path / "odd.csv").write_text("text,label\nsuperb film,positive\nawful film,sideways\n")
    session = audit_session("--model", faithful, "--data", tmp_path / "odd.csv")
    assert_usage_error(session, "sideways", "positive")


def test_an_unknown_claim_key(audit_session, faithful):
    claims = faithful / "claims.toml"
    claims.write_text(
        'schema = 1\n[[claim]]\nid = "order"\nstatement = "x"\naudit = "permutation"\n'
        'at_leest = 0.1\nkind = "faithfulness"\ninference = "necessary"\n'
    )
    session = audit_session("--model", faithful)
    assert_usage_error(session, "claims.toml", "order", "at_leest", "at_least")


def test_a_threshold_outside_the_range(audit_session, faithful):
    (faithful / "claims.toml").write_text(
        'schema = 1\n[[claim]]\nid = "order"\nstatement = "x"\naudit = "permutation"\n'
        'at_least = 1.5\nkind = "faithfulness"\ninference = "necessary"\n'
    )
    assert_usage_error(audit_session("--model", faithful), "order", "1.5")


def test_a_missing_claims_file(audit_session, faithful, tmp_path):
    session = audit_session("--model", faithful, "--claims", tmp_path / "no.toml")
    assert_usage_error(session, "no.toml")


def test_a_report_directory_that_cannot_be_written(audit_session, faithful, tmp_path):
    (tmp_path / "file").write_text("")
    session = audit_session("--model", faithful, "--attn-report", tmp_path / "file", report=None)
    assert_usage_error(session, "cannot be written")


def test_documents_that_changed_since_the_model_was_written(audit_session, faithful):
    path = faithful / "documents.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))
    assert_usage_error(audit_session("--model", faithful), "digest")


def test_documents_outside_the_model_directory(audit_session, faithful, tmp_path):
    shutil.move(faithful / "documents.jsonl", tmp_path / "documents.jsonl")
    (faithful / "audit.toml").write_text('documents = "../documents.jsonl"\n')
    assert_usage_error(audit_session("--model", faithful), "leads out")


def test_an_unknown_key_in_audit_toml(audit_session, faithful):
    (faithful / "audit.toml").write_text('dokuments = "documents.jsonl"\n')
    assert_usage_error(audit_session("--model", faithful), "audit.toml", "dokuments")


@pytest.mark.parametrize("option", ["--attn-limit", "--attn-batch-size"])
def test_a_number_that_is_not_positive(audit_session, faithful, option):
    assert_usage_error(audit_session("--model", faithful, option, "0"), "at least 1")


def test_columns_that_are_not_pairs(audit_session, faithful):
    session = audit_session("--model", faithful, "--attn-columns", "text")
    assert_usage_error(session, "text=review,label=stars")


def test_columns_of_no_data(audit_session, faithful):
    session = audit_session("--model", faithful, "--attn-columns", "text=review")
    assert_usage_error(session, "--data")


def test_documents_behind_a_link_out_of_the_model_directory(audit_session, faithful, tmp_path):
    secret = shutil.move(faithful / "documents.jsonl", tmp_path / "secret.jsonl")
    (faithful / "documents.jsonl").symlink_to(secret)
    assert_usage_error(audit_session("--model", faithful), "leads out")


def test_a_folder_of_documents_in_the_model_directory(audit_session, faithful):
    (faithful / "folder").mkdir()
    shutil.copy(faithful / "documents.jsonl", faithful / "folder" / "test.jsonl")
    (faithful / "audit.toml").write_text('documents = "folder"\n')
    assert_usage_error(audit_session("--model", faithful), "is no file")


@pytest.mark.parametrize("name", ["audit.toml", "claims.toml"])
def test_a_file_that_is_a_link_out_of_the_model_directory(audit_session, faithful, tmp_path, name):
    (tmp_path / "elsewhere").write_text("secret = 1\n")
    (faithful / name).unlink(missing_ok=True)
    (faithful / name).symlink_to(tmp_path / "elsewhere")
    assert_usage_error(audit_session("--model", faithful), name, "link")


def test_deeply_nested_toml(audit_session, faithful):
    (faithful / "audit.toml").write_text("data = " + "[" * 5000)
    assert_usage_error(audit_session("--model", faithful), "audit.toml")


def test_data_in_which_only_some_rows_have_a_split(audit_session, faithful, tmp_path):
    (tmp_path / "some.csv").write_text("text,split\na film,test\nthe story,\n")
    session = audit_session("--model", faithful, "--data", tmp_path / "some.csv")
    assert_usage_error(session, "no split")


def test_audits_without_the_plugin(audit_session):
    session = audit_session("-p", "no:attnaudit", report=None)
    assert_usage_error(session, "attnaudit plugin")


def test_a_wrong_model_starts_no_worker(audit_session, tmp_path):
    session = audit_session("--model", tmp_path / "no", "-n", "2")
    assert_usage_error(session, "no such directory")
    assert "created: " not in session.text
