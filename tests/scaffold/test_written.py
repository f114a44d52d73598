import os
from pathlib import PurePosixPath

import pytest

from attnaudit.errors import UsageError
from attnaudit.scaffold.written import write_scaffold

FILES = {PurePosixPath("a/b/first.txt"): b"1", PurePosixPath("second.txt"): b"2"}


def everything(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def test_all_files_are_written_and_named(tmp_path):
    root = tmp_path / "new" / "repository"
    paths = write_scaffold(root, FILES)
    assert [path.read_bytes() for path in paths] == [b"1", b"2"]
    assert [path.relative_to(root).as_posix() for path in paths] == [str(path) for path in FILES]


def test_other_files_stay_as_they_are(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "mine.txt").write_bytes(b"mine")
    write_scaffold(tmp_path, FILES)
    assert (tmp_path / "a" / "mine.txt").read_bytes() == b"mine"


@pytest.mark.parametrize("taken", FILES)
def test_nothing_is_overwritten_and_nothing_half_written(tmp_path, taken):
    (tmp_path / taken).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / taken).write_bytes(b"mine")
    before = everything(tmp_path)
    with pytest.raises(UsageError, match=f"already has {taken}"):
        write_scaffold(tmp_path, FILES)
    assert everything(tmp_path) == before


def test_a_link_that_leads_nowhere_is_a_file_too(tmp_path):
    (tmp_path / "second.txt").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match=r"already has second\.txt"):
        write_scaffold(tmp_path, FILES)
    assert not (tmp_path / "nowhere").exists()


def test_a_file_in_the_place_of_a_folder_leaves_nothing_behind(tmp_path):
    files = FILES | {PurePosixPath("taken/third.txt"): b"3"}
    (tmp_path / "taken").write_bytes(b"mine")
    before = everything(tmp_path)
    with pytest.raises(UsageError, match="cannot be written"):
        write_scaffold(tmp_path, files)
    assert everything(tmp_path) == before


def test_a_file_that_another_program_makes_meanwhile_is_not_overwritten(tmp_path, monkeypatch):
    real = os.path.lexists

    def made_meanwhile(path):
        taken = real(path)
        if path == tmp_path / "second.txt":
            path.write_bytes(b"faster")
        return taken

    # Another program makes the second file after it was looked for.
    monkeypatch.setattr("attnaudit.scaffold.written.os.path.lexists", made_meanwhile)
    with pytest.raises(UsageError, match="File exists"):
        write_scaffold(tmp_path, FILES)
    assert everything(tmp_path) == {"second.txt": b"faster"}
