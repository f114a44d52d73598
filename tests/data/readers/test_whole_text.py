import pytest

from attnaudit.data.readers import whole_text as module
from attnaudit.data.readers.whole_text import whole_text
from attnaudit.errors import DataError


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_line_ends_stay_as_they_are(write, name):
    text = "one\r\ntwo\u2028still two\n\n"
    assert whole_text(write(name, text), encoding="utf-8") == text


def test_a_byte_order_mark_is_no_part_of_the_text(write):
    assert whole_text(write("a.txt", b"\xef\xbb\xbftext"), encoding="utf-8") == "text"


def test_in_latin_1_every_byte_is_a_character(write):
    text = whole_text(write("a", bytes(range(256))), encoding="latin-1")
    assert [ord(character) for character in text] == list(range(256))


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_broken_utf8_names_line_byte_and_value(write, mark):
    path = write("a.txt", mark + b"good\n\nsm\xf8r\n")
    with pytest.raises(DataError, match=r"a\.txt, line 3, byte 3 is not UTF-8 \(0xf8"):
        whole_text(path, encoding="utf-8")


def test_a_character_that_is_cut_off_at_the_end_is_named(write):
    path = write("a.txt", "sm\u00f8".encode()[:-1])
    with pytest.raises(DataError, match=r"line 1, byte 3 is not UTF-8 \(0xc3: unexpected end"):
        whole_text(path, encoding="utf-8")


def test_an_endless_file_is_refused(write, monkeypatch):
    monkeypatch.setattr(module, "MAXIMUM_TEXT", 100)
    assert len(whole_text(write("a.txt", "x" * 100), encoding="utf-8")) == 100
    with pytest.raises(DataError, match=r"b\.txt\.gz is longer than 100 bytes"):
        whole_text(write("b.txt.gz", "x" * 101), encoding="latin-1")


def test_a_folder_in_the_place_of_a_file_says_so(tmp_path):
    with pytest.raises(DataError, match="cannot be read: Is a directory"):
        whole_text(tmp_path, encoding="utf-8")
