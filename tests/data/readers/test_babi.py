from collections import Counter

import pytest

from attnaudit.data import read_documents
from attnaudit.errors import DataError

STORY = "1 Ann went home.\n2 Where is Ann? \thome\t1\n"


@pytest.fixture
def tasks(write, tmp_path):
    for name in ("qa1_one_train", "qa1_one_test", "qa2_two_valid", "qa2_two_test"):
        write(f"{name}.txt", STORY)
    write("README.txt", "not a story")
    return tmp_path


def test_a_task_is_chosen_from_a_folder_of_tasks_and_names_tell_the_splits(documents_of, tasks):
    first, second = documents_of("babi-1", tasks), documents_of("babi-2", tasks)
    assert [(one.id, one.split) for one in first] == [
        ("qa1_one_train-1-2", "train"),
        ("qa1_one_test-1-2", "test"),
    ]
    assert [(one.id, one.split) for one in second] == [
        ("qa2_two_valid-1-2", "dev"),
        ("qa2_two_test-1-2", "test"),
    ]


def test_files_without_the_name_of_a_task_in_the_middle_are_read_too(documents_of, write, tmp_path):
    write("qa12_valid.txt.gz", STORY)
    assert [one.split for one in documents_of("babi", tmp_path)] == ["dev"]


def test_task_1_is_not_taken_from_files_of_task_10(documents_of, write, tmp_path):
    write("qa10_indefinite_test.txt", STORY)
    with pytest.raises(DataError, match=r"no file of bAbI task 1; it holds qa10_indefinite_test"):
        documents_of("babi-1", tmp_path)


def test_several_tasks_are_not_read_as_one(documents_of, tasks):
    with pytest.raises(DataError, match=r"holds the tasks 1, 2, .* as babi-1:"):
        documents_of("babi", tasks)


def test_a_folder_without_stories_is_refused(documents_of, write, tmp_path):
    with pytest.raises(DataError, match=r"no file of a bAbI task; it holds nothing"):
        documents_of("babi", tmp_path)
    write("story.txt", STORY)
    with pytest.raises(DataError, match=r"no file of a bAbI task; it holds story\.txt"):
        documents_of("babi", tmp_path)


def test_a_single_file_has_no_split_and_the_same_ids_as_in_its_folder(tasks):
    (document,) = read_documents(f"babi:{tasks / 'qa1_one_test.txt'}")
    assert (document.id, document.split) == ("qa1_one_test-1-2", None)
    assert read_documents(f"babi-1:{tasks / 'qa1_one_test.txt'}") == (document,)


def test_a_single_file_may_have_any_name(write):
    (document,) = read_documents(f"babi-3:{write('mine.story', STORY)}")
    assert document.id == "mine-1-2"


def test_a_file_of_another_task_is_refused(tasks):
    with pytest.raises(DataError, match=r"is a file of task 2, not of task 1\. Name it as babi:"):
        read_documents(f"babi-1:{tasks / 'qa2_two_test.txt'}")


def test_an_error_in_a_folder_names_file_and_line(documents_of, write, tmp_path):
    write("qa1_one_train.txt", STORY + "3 Ann went ho")
    with pytest.raises(DataError, match=r"qa1_one_train\.txt, line 3 is a statement that does not"):
        documents_of("babi-1", tmp_path)


def test_a_link_out_of_the_folder_is_refused(documents_of, write, tmp_path):
    outside = write("outside.txt", STORY)
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "qa1_one_train.txt").symlink_to(outside)
    with pytest.raises(DataError, match="is a link that leads out of"):
        documents_of("babi-1", inside)


@pytest.mark.parametrize(("task", "words", "support"), [(1, 20, 1), (2, 34, 2)])
def test_the_published_tasks_have_the_published_counts(
    documents_of, published, task, words, support
):
    """The paper's vocabulary of a task has four entries more: padding and the like."""
    documents = documents_of(f"babi-{task}", published("babi/en-10k"))
    assert Counter(one.split for one in documents) == {"train": 10_000, "test": 1000}
    assert len({one.id for one in documents}) == 11_000
    known = {word.lower() for one in documents for word in (*one.tokens, *one.text2.split())}
    assert len(known) == words
    assert {len(one.rationale) for one in documents} == {support}
    answers = {"bathroom", "bedroom", "garden", "hallway", "kitchen", "office"}
    assert {one.label for one in documents} == answers


def test_the_published_folder_holds_several_tasks(documents_of, published):
    with pytest.raises(DataError, match="holds the tasks 1, 2, 3"):
        documents_of("babi", published("babi/en"))
