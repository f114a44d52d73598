import gzip
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnaudit.data.readers.babi_stories import questions
from attnaudit.errors import DataError

TWO_STORIES = (
    "1 Ann went home.\n"
    "2 Bob slept.\n"
    "3 Where is Ann? \thome\t1\n"
    "4 Ann left the house.\n"
    "5 Is Ann at home?\tno\t4 1\n"
    "1 Cy sang.\n"
    "2 Who sang? \tCy\t1\n"
)
WORD = st.text("abcdefXYZ'-", min_size=1, max_size=5)
SENTENCE = st.lists(WORD, min_size=1, max_size=4)
STORY = st.lists(
    st.one_of(
        st.tuples(st.just("tell"), SENTENCE),
        st.tuples(st.just("ask"), SENTENCE, WORD, st.lists(st.integers(0, 50), max_size=3)),
    ),
    min_size=1,
    max_size=8,
)


def rendered_and_expected(stories):
    """The lines of a file, and what each of its questions must become."""
    lines, expected = [], []
    for story_number, story in enumerate(stories, start=1):
        told = []
        for line_number, (kind, sentence, *rest) in enumerate(story, start=1):
            if kind == "tell":
                lines.append(f"{line_number} {' '.join(sentence)}.")
                told.append((line_number, sentence))
                continue
            answer, chosen = rest
            support = [told[index % len(told)][0] for index in chosen] if told else []
            numbers = " ".join(map(str, support))
            lines.append(f"{line_number} {' '.join(sentence)}? \t{answer}\t{numbers}")
            words = " . ".join(" ".join(spoken) for _, spoken in told).split()
            marked = [" ".join(spoken) for number, spoken in told if number in support]
            name = f"story-{story_number}-{line_number}"
            expected.append((name, words, " ".join(sentence), answer, marked))
    return "\n".join(lines), expected


def seen(row):
    values = row.values
    marked = [" ".join(values["tokens"][start:end]) for start, end in values["rationale"]]
    return values["id"], values["tokens"], values["text2"], values["label"], marked


def test_a_question_sees_the_statements_of_its_own_story_told_so_far(write):
    rows = list(questions(write("qa9_test.txt", TWO_STORIES)))
    assert [row.values["text"] for row in rows] == [
        "Ann went home . Bob slept",
        "Ann went home . Bob slept . Ann left the house",
        "Cy sang",
    ]
    assert [row.values["tokens"] for row in rows] == [row.values["text"].split() for row in rows]
    assert [row.values["text2"] for row in rows] == ["Where is Ann", "Is Ann at home", "Who sang"]
    assert [row.values["label"] for row in rows] == ["home", "no", "Cy"]


def test_the_rationale_spans_the_words_of_supporting_sentences_in_story_order(write):
    rows = list(questions(write("qa9_test.txt", TWO_STORIES)))
    assert [row.values["rationale"] for row in rows] == [[[0, 3]], [[0, 3], [7, 11]], [[0, 2]]]


def test_ids_tell_file_story_and_line_and_places_tell_the_line_of_the_file(write):
    rows = list(questions(write("qa9_test.txt.gz", TWO_STORIES)))
    names = [row.values["id"] for row in rows]
    assert names == ["qa9_test-1-3", "qa9_test-1-5", "qa9_test-2-2"]
    assert [(row.number, row.where) for row in rows] == [
        (1, "line 3"),
        (2, "line 5"),
        (3, "line 7"),
    ]


def test_blank_lines_are_passed_over_and_counted(write):
    rows = list(questions(write("story.txt", "1 Ann slept.\n\n2 Who slept?\tAnn\t1\n\n")))
    assert [(row.number, row.where, row.values["id"]) for row in rows] == [
        (1, "line 3", "story-1-2")
    ]


def test_a_question_without_supporting_sentences_has_an_empty_rationale(write):
    (row,) = questions(write("story.txt", "1 Ann slept.\n2 Who sang?\tnobody\t\n"))
    assert row.values["rationale"] == []


@settings(max_examples=80, deadline=None)
@given(stories=st.lists(STORY, min_size=1, max_size=3))
def test_every_question_becomes_what_the_story_says(tmp_path_factory, stories):
    text, expected = rendered_and_expected(stories)
    path = tmp_path_factory.mktemp("stories") / "story.txt"
    path.write_text(text, encoding="utf-8")
    assert list(map(seen, questions(path))) == expected


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Ann went home.", "is 'Ann went home.*'; a bAbI line is a number"),
        ("x3 Ann went home.", "is .*; a bAbI line is a number, a blank and a sentence"),
        ("03 Ann went home.", "is .*; a bAbI line is a number"),
        ("3", "is .*; a bAbI line is a number"),
        ("4 Ann went home.", "has the number 4, which follows 2; .* Lines are missing"),
        ("2 Ann went home.", "has the number 2, which follows 2"),
        ("3 Ann went ho", "is a statement that does not end in '.': 'Ann went ho'"),
        ("3 .", "is a statement that does not end in '.': '.'"),
        ("3 Where is Ann? ", r"is a statement that does not end in '\.': 'Where is Ann\?'"),
        ("3 Where is Ann? \thome", r"is a question followed by \['home'\]; behind a tab"),
        ("3 Where is Ann? \t\t1", r"is a question followed by \['', '1'\]"),
        ("3 Where is Ann?\thome\t1\t2", r"is a question followed by \['home', '1', '2'\]"),
        ("3 Where is Ann\thome\t1", r"is a question that does not end in '\?': 'Where is Ann'"),
        ("3 Where is Ann?\thome\t1 3", "names '3' as a supporting .* in this story are 1, 2"),
        ("3 Where is Ann?\thome\tone", "names 'one' as a supporting sentence"),
        ("1 Where is Ann?\thome\t1", "names '1' as a supporting .* in this story are none"),
    ],
)
def test_a_line_that_is_cut_off_or_in_another_format_is_named(write, line, message):
    path = write("story.txt", f"1 Ann went home.\n2 Bob slept.\n{line}\n")
    with pytest.raises(DataError, match=rf"story\.txt, line 3 {message}"):
        list(questions(path))


def test_a_question_supports_nothing_that_is_told_later(write):
    path = write("story.txt", "1 Ann slept.\n2 Who slept?\tAnn\t1 3\n3 Bob slept.\n")
    with pytest.raises(DataError, match=r"line 2 names '3'"):
        list(questions(path))


def test_a_file_that_begins_inside_a_story_is_refused(write):
    with pytest.raises(DataError, match="line 1 has the number 7, which begins the file"):
        list(questions(write("story.txt", "7 Ann slept.\n")))


def test_another_encoding_is_named(write):
    path = write("story.txt", "1 Ann slept.\n2 Zo\u00eb slept.\n".encode("latin-1"))
    with pytest.raises(DataError, match="line 2, byte 5 is not UTF-8"):
        list(questions(path))


def by_the_definition(path):
    """Every published question from its raw lines: support as sentences, not as spans."""
    told = {}
    for line in gzip.decompress(path.read_bytes()).decode().splitlines():
        number, text = re.match(r"(\d+) (.*)", line).groups()
        if number == "1":
            told = {}
        if "\t" not in text:
            told[int(number)] = text.rstrip(".")
            continue
        _, answer, support = text.split("\t")
        yield (
            " . ".join(told.values()),
            answer,
            [told[n] for n in sorted(map(int, support.split()))],
        )


@pytest.mark.parametrize("task", ["1_single-supporting-fact", "3_three-supporting-facts"])
def test_published_questions_have_the_story_and_support_that_their_lines_say(published, task):
    path = published(f"babi/en/qa{task}_test.txt.gz")
    rows = list(questions(path))
    found = [(row.values["text"], row.values["label"], seen(row)[-1]) for row in rows]
    assert found == list(by_the_definition(path))
    assert len(rows) == 1000


def test_in_task_1_the_one_supporting_sentence_ends_with_the_answer(published):
    rows = list(questions(published("babi/en/qa1_single-supporting-fact_train.txt.gz")))
    spans = [row.values["rationale"] for row in rows]
    assert all(len(span) == 1 for span in spans)
    last = [row.values["tokens"][span[0][1] - 1] for row, span in zip(rows, spans, strict=True)]
    assert last == [row.values["label"] for row in rows]
