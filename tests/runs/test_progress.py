import io
import sys

import pytest

from attnaudit.runs import progress
from attnaudit.runs.progress import SECONDS_BETWEEN_LINES, progress_line


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def stream_of(monkeypatch):
    def use(stream):
        monkeypatch.setattr(sys, "__stderr__", stream)
        return stream

    return use


@pytest.fixture
def clock(monkeypatch):
    """Seconds that pass only when a test says so."""

    class Clock:
        now = 100.0

        def monotonic(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    return clock


def test_a_log_gets_one_line_in_ten_seconds_at_most(stream_of, clock):
    log = stream_of(io.StringIO())
    with progress_line("news: agreement", total=1_000, shown=True) as advance:
        for _ in range(500):
            clock.now += 1.0
            advance(2)
    lines = log.getvalue().splitlines()
    assert len(lines) == 500 / SECONDS_BETWEEN_LINES - 1
    assert lines[0] == "news: agreement: 20 of 1000 documents, 2 documents/s, 08:10 left"


def test_what_is_done_at_once_gets_no_line(stream_of):
    log = stream_of(io.StringIO())
    with progress_line("news: agreement", total=1_000, shown=True) as advance:
        advance(1_000)
    assert log.getvalue() == ""


def test_documents_of_an_interrupted_run_do_not_count_as_speed_for_long(stream_of, clock):
    log = stream_of(io.StringIO())
    with progress_line("news", total=10_000, shown=True) as advance:
        advance(5_000)
        for _ in range(2):
            clock.now += SECONDS_BETWEEN_LINES
            advance(10)
    assert log.getvalue().splitlines()[1].startswith("news: 5020 of 10000 documents, 1 documents/s")


def test_a_log_holds_no_characters_that_move_a_cursor(stream_of, clock):
    log = stream_of(io.StringIO())
    with progress_line("news", total=10, shown=True) as advance:
        clock.now += SECONDS_BETWEEN_LINES
        advance(1)
    assert log.getvalue().count("\n") == 1
    assert log.getvalue().rstrip("\n").isprintable()


def test_a_terminal_shows_speed_and_time_left_on_a_line_that_goes_away(stream_of):
    terminal = stream_of(Terminal())
    with progress_line("news: agreement", total=100, shown=True) as advance:
        advance(50)
        advance(50)
    text = terminal.getvalue()
    assert "news: agreement: 0 of 100 documents" in text
    assert "documents/s" in text
    assert "left" in text
    assert "\n" not in text
    assert text.endswith("\r")


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()])
def test_nothing_is_said_where_nothing_is_to_be_shown(stream_of, stream):
    stream_of(stream)
    with progress_line("news", total=10, shown=False) as advance:
        advance(10)
    assert stream.getvalue() == ""


def test_a_process_without_standard_error_works_in_silence(stream_of):
    stream_of(None)
    with progress_line("news", total=10, shown=True) as advance:
        assert advance(10) is None
