import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from attnaudit.data import read_vectors
from attnaudit.errors import DataError

PLAIN = "good 1 -0.5\nbad 2e-1 3\n. . . 4 5\n\xa0 6 7\n"


def listed(vectors):
    return {word: vector.tolist() for word, vector in vectors.items()}


@pytest.mark.parametrize("name", ["a.vec", "a.txt.gz"])
@pytest.mark.parametrize("header", ["", "4 2\n"])
def test_headers_and_packing_do_not_matter(write, name, header):
    path = write(name, header + PLAIN)
    vectors = read_vectors(path, {"good", "bad", "\xa0", ". . .", "absent"})
    assert listed(vectors) == {
        "good": [1.0, -0.5],
        "bad": [np.float32(0.2), 3.0],
        ". . .": [4.0, 5.0],
        "\xa0": [6.0, 7.0],
    }
    assert all(vector.dtype == np.float32 for vector in vectors.values())


@settings(max_examples=40, deadline=None)
@given(
    table=hnp.arrays(
        np.float32,
        st.tuples(st.integers(1, 5), st.integers(2, 4)),
        elements=st.floats(-9, 9, width=32),
    ),
    header=st.booleans(),
    blank_at_end=st.booleans(),
)
def test_every_table_that_is_written_is_read_back(tmp_path_factory, table, header, blank_at_end):
    end = " \n" if blank_at_end else "\n"
    lines = [f"{len(table)} {table.shape[1]}\n"] if header else []
    lines += [f"w{i} {' '.join(map(repr, map(float, row)))}{end}" for i, row in enumerate(table)]
    path = tmp_path_factory.mktemp("vectors") / "a.vec"
    path.write_text("".join(lines))
    vectors = read_vectors(path, [f"w{i}" for i in range(len(table))])
    np.testing.assert_array_equal([vectors[f"w{i}"] for i in range(len(table))], table)


def test_only_wanted_words_are_kept_as_they_are_spelled(write):
    assert read_vectors(write("a.vec", "Good 1 2\ngood 3 4\nfine 5 6\n"), ["good"]).keys() == {
        "good"
    }


@pytest.mark.parametrize("header", ["", "3 2\n"])
@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("short 1", "has 1 values after 'short'; the vectors of this file have 2"),
        ("alone", "has 0 values"),
        ("", "has 0 values"),
        ("long 1 2 3", "has 3 values after 'long'"),
    ],
)
def test_a_line_of_another_length_is_named_even_if_its_word_is_not_wanted(
    write, header, line, message
):
    path = write("a.vec", f"{header}good 1 2\n{line}\nfine 5 6\n")
    with pytest.raises(DataError, match=f"line {3 if header else 2} {message}"):
        read_vectors(path, ["good"])


@pytest.mark.parametrize("value", ["nan", "inf", "1e60", "x", "0,5"])
def test_a_value_that_is_no_finite_number_is_named(write, value):
    with pytest.raises(DataError, match=f"line 2 has '{value}' where a finite number should"):
        read_vectors(write("a.vec", f"fine 5 6\ngood 1 {value}\n"), ["good"])


@pytest.mark.parametrize("announced", [1, 3])
def test_a_file_that_does_not_keep_its_header_is_refused(write, announced):
    path = write("a.vec", f"{announced} 2\ngood 1 2\nfine 3 4\n")
    with pytest.raises(DataError, match=f"announces {announced} vectors but has 2"):
        read_vectors(path, ["good"])


def test_a_wanted_word_with_two_vectors_is_refused(write):
    with pytest.raises(DataError, match="line 3 gives 'good' a second, different vector"):
        read_vectors(write("a.vec", "good 1 2\nfine 5 6\ngood 1 3\n"), ["good"])


def test_a_word_that_repeats_its_vector_is_no_contradiction(write):
    vectors = read_vectors(write("a.vec", "good 1 2\ngood 1.0 2.0\n"), ["good"])
    assert listed(vectors) == {"good": [1.0, 2.0]}


@pytest.mark.parametrize("content", ["", "\n", "5 0\n"])
def test_a_file_without_vectors_is_refused(write, content):
    with pytest.raises(DataError, match="does not begin with word vectors"):
        read_vectors(write("a.vec", content), ["good"])


def test_a_binary_file_is_refused_by_its_bytes(write):
    path = write("a.bin", b"1 2\ngood \x9a\x99\x99\xbe\xcd\xcc\xcc\xbd\n")
    with pytest.raises(DataError, match="line 2, byte 6 is not UTF-8"):
        read_vectors(path, ["good"])


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"a\.vec cannot be read: No such file"):
        read_vectors(tmp_path / "a.vec", ["good"])
