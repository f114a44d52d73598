import json
import re

import pytest

from attnaudit.data import read_documents
from attnaudit.errors import DataError

URL = "http://example.org/2013/a.html"
PASSAGE = "( @entity0 ) -- @entity12 met @entity1 's aunt , @entity12 said"
QUESTION = "@placeholder met the aunt of @entity1"
ENTITIES = "@entity0:CNN\n@entity1:Ann: the first\n@entity12:Bob\n@entity13:Cy"


def question(
    passage=PASSAGE, asked=QUESTION, answer="@entity12", entities=ENTITIES, *, between="\n\n"
):
    return between.join([URL, passage, asked, answer, entities])


def test_a_file_is_one_question_about_its_passage(write):
    (document,) = read_documents(f"cnn:{write('0a1b.question', question())}")
    assert (document.id, document.split) == ("0a1b", None)
    assert (document.text, document.text2) == (PASSAGE, QUESTION)
    assert document.label == "@entity12"


def test_packed_files_and_other_line_ends_are_read_alike(write):
    plain = read_documents(f"cnn:{write('a.question', question())}")
    assert read_documents(f"cnn:{write('a.question.gz', question())}") == plain
    windows = question(between="\r\n\r\n").replace("\n@", "\r\n@").replace("\r\r", "\r") + "\r\n"
    assert read_documents(f"cnn:{write('a.question', windows)}") == plain


def test_folders_tell_the_splits(documents_of, write, tmp_path):
    for name in ("test/c", "training/b", "training/a", "validation/d", "other/e"):
        write(f"{name}.question", question())
    write("training/README.txt", "no question")
    found = [(one.id, one.split) for one in documents_of("cnn", tmp_path)]
    assert found == [("a", "train"), ("b", "train"), ("d", "dev"), ("c", "test")]
    alone = documents_of("cnn", tmp_path / "training")
    assert [(one.id, one.split) for one in alone] == [("a", None), ("b", None)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "has 1 parts with blank lines between; a .question file has 5: url, passage"),
        (question()[:60], "has 2 parts"),
        (question().rsplit("\n\n", 1)[0], "has 4 parts"),
        (question().rsplit("\n\n", 1)[0] + "\n\n", "has 4 parts"),
        (question(passage="two\n\nparagraphs"), "has 6 parts"),
        (question(between="\n"), "has 1 parts"),
        (question(asked="who met her ?"), "asks 'who met her .', without the word @placeholder"),
        (question(asked="@placeholders met"), "asks .*, without the word @placeholder"),
        (question(answer="Bob"), "has the answer 'Bob', which is not among the 4 entities listed"),
        (question(answer="@entity2"), "has the answer '@entity2', which is not among the 4"),
        (question()[:-26], "has the answer '@entity12', which is not among the 2 entities"),
        (question()[:-3], "lists '@entity13' among its entities; each is spelled @entity<number>"),
        (question(entities=f"{ENTITIES}\nBob"), "lists 'Bob' among its entities"),
        (question(answer="@entity13"), "has the answer @entity13, which does not occur in the pas"),
        (
            question(passage="@entity12 ran", answer="@entity1"),
            "has the answer @entity1, which does not occur in the passage",
        ),
    ],
)
def test_a_file_that_is_cut_off_or_in_another_format_is_named(write, content, message):
    path = write("0a1b.question", content)
    with pytest.raises(DataError, match=rf"0a1b\.question {message}"):
        read_documents(f"cnn:{path}")


def test_every_cut_that_loses_the_answer_is_refused(write):
    """A cut behind the answer's own line in the list of entities cannot be seen in the file."""
    whole = question()
    for kept in range(whole.index("@entity12:")):
        path = write("a.question", whole[:kept])
        with pytest.raises(DataError):
            read_documents(f"cnn:{path}")


def test_another_encoding_is_named(write):
    path = write("a.question", question(passage=PASSAGE + " caf\u00e9").encode("latin-1"))
    with pytest.raises(DataError, match=r"a\.question, line 3, byte \d+ is not UTF-8"):
        read_documents(f"cnn:{path}")


def test_a_folder_without_questions_is_refused(documents_of, write, tmp_path):
    with pytest.raises(DataError, match=r"has no \.question file; it holds nothing"):
        documents_of("cnn", tmp_path)
    write("training/a.txt", question())
    with pytest.raises(DataError, match=r"training has no \.question file; it holds a\.txt"):
        documents_of("cnn", tmp_path)


@pytest.mark.parametrize("place", ["test/b.question", "validation"])
def test_links_out_of_the_folder_are_refused_at_every_depth(documents_of, write, tmp_path, place):
    outside = write("outside/b.question", question())
    write("questions/test/a.question", question())
    link = tmp_path / "questions" / place
    link.symlink_to(outside.parent if place == "validation" else outside)
    with pytest.raises(DataError, match="leads out of"):
        documents_of("cnn", tmp_path / "questions")


def test_published_questions_are_read_from_files_in_the_published_format(
    documents_of, published, write, tmp_path
):
    sample = json.loads(published("cnn_qa/cnn_snippet.jtr.json").read_text(encoding="utf-8"))
    expected = {}
    for instance in sample["instances"]:
        passage, (asked,) = instance["support"]["text"], instance["questions"]
        answer = asked["answers"][0]["text"]
        known = sorted(set(re.findall("@entity[0-9]+", f"{passage} {asked['question']}")))
        listed = "\n".join(f"{entity}:a name" for entity in known)
        write(f"training/{asked['id']}", question(passage, asked["question"], answer, listed))
        name = asked["id"].removesuffix(".question")
        expected[name] = (passage, asked["question"], answer)
    documents = documents_of("cnn", tmp_path)
    assert {one.id: (one.text, one.text2, one.label) for one in documents} == expected
    assert len(documents) == 5
