import shutil

import pytest

from attnaudit.data.trained import TRAINED_FILE, trained_hashes
from attnaudit.errors import DataError, UsageError
from attnaudit.records import Document
from attnaudit.runs.brought import count_trained_on
from attnaudit.runs.plan import Request, make_plan


@pytest.fixture
def directory(planted_directories, tmp_path):
    return shutil.copytree(planted_directories["faithful"], tmp_path / "model")


def test_a_model_that_does_not_say_what_it_was_trained_on_is_not_asked(directory):
    [subject] = make_plan(Request(models=(str(directory),))).subjects
    assert subject.trained_on is None
    assert count_trained_on("package.module:make", subject.documents) is None


def test_audited_documents_that_the_model_was_trained_on_are_counted(directory):
    [subject] = make_plan(Request(models=(str(directory),))).subjects
    seen = [*subject.documents[:7], Document(id="another", text="not audited")]
    (directory / TRAINED_FILE).write_bytes(trained_hashes(seen))
    [again] = make_plan(Request(models=(str(directory),))).subjects
    words = {one.tokens or one.text for one in seen}
    expected = sum((one.tokens or one.text) in words for one in subject.documents)
    assert again.trained_on == expected >= 7


def test_a_link_out_of_the_directory_is_not_followed(directory, tmp_path):
    (tmp_path / "secret").write_bytes(trained_hashes([Document(id="a", text="x")]))
    (directory / TRAINED_FILE).symlink_to(tmp_path / "secret")
    with pytest.raises(UsageError, match="link to a file outside"):
        make_plan(Request(models=(str(directory),)))


def test_a_damaged_list_is_named(directory):
    (directory / TRAINED_FILE).write_bytes(b"1234567")
    with pytest.raises(DataError, match=TRAINED_FILE):
        make_plan(Request(models=(str(directory),)))


def test_the_documents_that_there_are_to_draw_from_are_counted_before_the_limit(directory):
    [whole] = make_plan(Request(models=(str(directory),))).subjects
    [some] = make_plan(Request(models=(str(directory),), limit=5)).subjects
    assert len(some.documents) == 5
    assert some.population == whole.population == len(whole.documents)
