import pytest

from attnaudit.errors import UsageError
from attnaudit.store.directory import create_run_directory
from attnaudit.store.judged_by import JudgedBy, add_judged_by, claims_digests, read_judged_by


def entry(model, claims, documents="d"):
    return JudgedBy(model=model, documents=documents, claims=claims)


@pytest.fixture
def directory(tmp_path):
    return create_run_directory(tmp_path)


def test_a_new_directory_has_no_record(directory):
    assert read_judged_by(directory) == ()


def test_entries_are_kept_in_the_order_in_which_they_first_came(directory):
    add_judged_by(directory, [entry("m", "1"), entry("n", "1")])
    add_judged_by(directory, [entry("m", "2"), entry("m", "1")])
    assert read_judged_by(directory) == (entry("m", "1"), entry("n", "1"), entry("m", "2"))


def test_digests_are_those_of_one_model_on_the_same_documents():
    entries = [entry("m", "2"), entry("n", "3"), entry("m", "4", documents="e"), entry("m", "1")]
    assert claims_digests(entries, model="m", documents="d") == ("2", "1")
    assert claims_digests(entries, model="o", documents="d") == ()


@pytest.mark.parametrize("text", ["", "{}", '{"judged": [{"model": "m"}]}', '{"judged": 3}'])
def test_a_damaged_record_is_not_taken_for_none(directory, text):
    (directory.path / "claims-history.json").write_text(text)
    with pytest.raises(UsageError, match=r"claims-history\.json.* cannot be read"):
        add_judged_by(directory, [entry("m", "1")])
