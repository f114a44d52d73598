import pytest

from attnaudit.data.audit_file import (
    AuditFile,
    read_audit_file,
    read_audited_documents,
    write_audit_file,
)
from attnaudit.errors import DataError


def test_what_is_written_is_read_back(tmp_path):
    written = AuditFile(data="20news-sports", split="dev", digest="ab")
    write_audit_file(tmp_path / "audit.toml", written)
    assert read_audit_file(tmp_path / "audit.toml") == written


@pytest.mark.parametrize(
    "content", ['split = "test"', 'data = "20news-sports"\ndocuments = "documents.jsonl"']
)
def test_exactly_one_source_is_named(tmp_path, content):
    (tmp_path / "audit.toml").write_text(content)
    with pytest.raises(DataError, match="either data"):
        read_audit_file(tmp_path / "audit.toml")


def test_a_model_directory_may_name_a_catalog_set_and_no_other_path(tmp_path):
    (tmp_path / "secret.csv").write_text("text\na film\n")
    with pytest.raises(DataError, match="unknown data set"):
        read_audited_documents(AuditFile(data=str(tmp_path / "secret.csv")), tmp_path)
