import pytest
from filelock import FileLock

from attnaudit.errors import UsageError
from attnaudit.training.output import Identity, finished_report, working_directory

IDENTITY = Identity(options={"seed": 0}, digests={"train": "aa"})


def break_off(out):
    with pytest.raises(ZeroDivisionError), working_directory(out, IDENTITY):
        _ = 1 / 0


def test_the_working_folder_is_removed_at_the_end_and_kept_after_an_error(tmp_path):
    out = tmp_path / "deep" / "out"
    break_off(out)
    (out / ".training" / "kept").touch()
    with working_directory(out, IDENTITY) as working:
        assert (working / "kept").exists()
    assert list(out.iterdir()) == []


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (Identity(options={"seed": 1}, digests={"train": "aa"}), "--seed: 0 there, 1 now"),
        (
            Identity(options={"seed": 0}, digests={"train": "bb"}),
            "content of train: 'aa' there, 'bb' now",
        ),
        (
            Identity(options={"seed": 0}, digests={"train": "aa", "embeddings": "cc"}),
            "content of embeddings: None there, 'cc' now",
        ),
    ],
    ids=["option", "documents", "vectors"],
)
def test_another_training_is_refused_by_what_differs(tmp_path, other, said):
    break_off(tmp_path)
    with pytest.raises(UsageError, match=said), working_directory(tmp_path, other):
        pass


def test_a_folder_with_other_things_in_it_is_refused_and_left_alone(tmp_path):
    (tmp_path / "thesis.tex").touch()
    with (
        pytest.raises(UsageError, match=r"already holds thesis\.tex, and is no unfinished"),
        working_directory(tmp_path, IDENTITY),
    ):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_is_no_folder(tmp_path):
    path = tmp_path / "file"
    path.touch()
    with pytest.raises(UsageError, match="is a file"), working_directory(path, IDENTITY):
        pass


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with (
        pytest.raises(UsageError, match="cannot be written to: Not a directory"),
        working_directory(tmp_path / "file" / "out", IDENTITY),
    ):
        pass


def test_a_second_process_is_refused_while_the_first_one_trains(tmp_path):
    with working_directory(tmp_path, IDENTITY) as working:
        other = FileLock(working / "lock", is_singleton=False)
        assert other.lock_file == str(working / "lock")
        with (
            pytest.raises(UsageError, match="another process is training"),
            working_directory(tmp_path, IDENTITY),
        ):
            pass
        assert working.exists()


@pytest.mark.parametrize("content", ["not json", "[]", '{"seed": 0}'])
def test_a_working_folder_of_something_else_is_refused(tmp_path, content):
    (tmp_path / ".training").mkdir()
    (tmp_path / ".training" / "identity.json").write_text(content)
    with (
        pytest.raises(UsageError, match="says of no training what it was"),
        working_directory(tmp_path, IDENTITY),
    ):
        pass


@pytest.mark.parametrize("content", ["not json", "[]", "{}", '{"test": {"accuracy": 1}}'])
def test_a_report_of_something_else_is_refused(tmp_path, content):
    (tmp_path / "config.json").touch()
    (tmp_path / "training.json").write_text(content)
    with pytest.raises(UsageError, match="is not the report of a training"):
        finished_report(tmp_path, IDENTITY)


def test_an_empty_folder_has_no_finished_training(tmp_path):
    assert finished_report(tmp_path, IDENTITY) is None
