import gzip

import pytest

from attnaudit.data.readers import lines
from attnaudit.data.readers.lines import read_lines
from attnaudit.errors import DataError


def test_only_line_feeds_end_a_line(write):
    path = write("text.txt", "one\u2028still\x85one\ntwo\r\nthree")
    assert list(read_lines(path)) == [(1, "one\u2028still\x85one\n"), (2, "two\r\n"), (3, "three")]


def test_a_packed_file_reads_like_the_plain_one(write):
    content = "á\nb\n"
    assert list(read_lines(write("a.txt", content))) == list(read_lines(write("a.txt.gz", content)))


def test_a_byte_order_mark_is_no_part_of_the_first_line(write):
    path = write("text.txt", b"\xef\xbb\xbftext\n\xef\xbb\xbfb\n")
    assert list(read_lines(path)) == [(1, "text\n"), (2, "\ufeffb\n")]


def test_broken_utf8_names_line_byte_and_value(write):
    path = write("text.csv", b"text,label\ngood,1\nsm\xf8r,0\n")
    with pytest.raises(DataError, match=r"text\.csv, line 3, byte 3 is not UTF-8 \(0xf8"):
        list(read_lines(path))


def test_a_file_that_is_not_packed_but_called_gz_is_refused(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_text("text\ngood\n")
    with pytest.raises(DataError, match=r"a\.csv\.gz is not a whole gzip file"):
        list(read_lines(path))


@pytest.mark.parametrize("kept", [3, 40, -5])
def test_a_packed_file_that_is_cut_off_is_refused(tmp_path, kept):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(bytes(range(32, 127)) * 3)[:kept])
    with pytest.raises(DataError, match="is not a whole gzip file"):
        list(read_lines(path))


def test_a_packed_file_with_damage_inside_is_refused(tmp_path):
    packed = bytearray(gzip.compress(b"a line of text that packs well\n" * 100))
    packed[15] ^= 0xFF
    path = tmp_path / "a.csv.gz"
    path.write_bytes(packed)
    with pytest.raises(DataError, match="is not a whole gzip file"):
        list(read_lines(path))


def test_an_endless_line_is_refused_before_it_is_held(write, monkeypatch):
    monkeypatch.setattr(lines, "MAXIMUM_LINE", 100)
    assert len(list(read_lines(write("a.txt", "x" * 99 + "\n")))) == 1
    with pytest.raises(DataError, match="line 2 is longer than 100 bytes"):
        list(read_lines(write("b.txt", "x\n" + "x" * 100 + "\n")))


def test_a_file_that_cannot_be_opened_says_why(tmp_path):
    with pytest.raises(DataError, match="cannot be read: Is a directory"):
        list(read_lines(tmp_path))
