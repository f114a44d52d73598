import re

import pytest

from attnaudit.data.readers.layout import entries, holdings, split_files, split_folders
from attnaudit.errors import DataError

SPELLINGS = {"training": "train", "valid": "dev", "test": "test"}
NAME = re.compile(r"part_(?P<split>training|valid|test)\.txt")


def names(found):
    return [(path.name, split) for path, split in found]


def test_hidden_entries_are_passed_over_and_others_come_by_name(write, tmp_path):
    for name in ("b.txt", "a/inner.txt", ".DS_Store", "C.txt"):
        write(name, "")
    assert [path.name for path in entries(tmp_path, root=tmp_path)] == ["C.txt", "a", "b.txt"]


def test_a_link_that_stays_inside_is_followed(write, tmp_path):
    write("real/a.txt", "")
    (tmp_path / "linked").symlink_to("real")
    assert [path.name for path in entries(tmp_path, root=tmp_path)] == ["linked", "real"]


@pytest.mark.parametrize("target", ["../outside.txt", "../outside", "/etc/hostname", "../missing"])
def test_a_link_out_of_the_folder_is_refused(write, tmp_path, target):
    write("outside/a.txt", "secret")
    write("outside.txt", "secret")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "a.txt").symlink_to(target)
    with pytest.raises(DataError, match=r"inside/a\.txt is a link that leads out of .*inside, to"):
        entries(inside, root=inside)


def test_a_sibling_whose_name_begins_alike_is_outside(write, tmp_path):
    write("data-private/a.txt", "secret")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.txt").symlink_to("../data-private/a.txt")
    with pytest.raises(DataError, match="leads out of"):
        entries(tmp_path / "data", root=tmp_path / "data")


def test_a_link_in_a_subfolder_may_stay_within_the_folder_that_was_named(write, tmp_path):
    write("shared.txt", "")
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "a.txt").symlink_to("../shared.txt")
    assert len(entries(tmp_path / "part", root=tmp_path)) == 1
    with pytest.raises(DataError, match="leads out of"):
        entries(tmp_path / "part", root=tmp_path / "part")


def test_a_folder_that_is_itself_reached_by_a_link_is_read(write, tmp_path):
    write("real/a.txt", "")
    (tmp_path / "linked").symlink_to("real")
    assert len(entries(tmp_path / "linked", root=tmp_path / "linked")) == 1


def test_a_link_to_itself_does_not_hang(tmp_path):
    (tmp_path / "loop").symlink_to("loop")
    assert [path.name for path in entries(tmp_path, root=tmp_path)] == ["loop"]


def test_a_file_cannot_be_listed(write):
    path = write("a.txt", "")
    with pytest.raises(DataError, match=r"a\.txt cannot be listed: Not a directory"):
        entries(path, root=path)


def test_subfolders_named_for_splits_come_in_the_order_train_dev_test(write, tmp_path):
    for name in ("test/a", "valid/a", "training/a", "other/a"):
        write(name, "")
    assert names(split_folders(tmp_path, SPELLINGS)) == [
        ("training", "train"),
        ("valid", "dev"),
        ("test", "test"),
    ]


def test_without_such_subfolders_the_folder_itself_is_no_split(write, tmp_path):
    write("other/a", "")
    write("test", "a file of that name is no folder")
    assert split_folders(tmp_path, SPELLINGS) == [(tmp_path, None)]


def test_files_tell_their_split_and_others_are_passed_over(write, tmp_path):
    files = ("part_test.txt.gz", "part_training.txt", "README.txt", "my_part_test.txt")
    for name in (*files, "part_valid.txt/a"):
        write(name, "")
    assert names(split_files(tmp_path, name=NAME, spellings=SPELLINGS)) == [
        ("part_training.txt", "train"),
        ("part_test.txt.gz", "test"),
    ]


def test_a_file_that_stands_there_packed_and_unpacked_is_not_read_twice(write, tmp_path):
    write("part_test.txt", "")
    write("part_test.txt.gz", "")
    with pytest.raises(DataError, match=r"holds 'part_test\.txt' more than once"):
        split_files(tmp_path, name=NAME, spellings=SPELLINGS)


def test_messages_name_at_most_eight_things_that_are_there(write, tmp_path):
    assert holdings(tmp_path) == "nothing"
    for number in range(10):
        write(f"{number}.txt", "")
    assert holdings(tmp_path) == f"{', '.join(f'{n}.txt' for n in range(8))} and 2 more"
