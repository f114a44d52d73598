"""How far work is that takes a while: a moving line on a terminal, else a plain line at times."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from tqdm import tqdm

SECONDS_BETWEEN_LINES = 10.0
"""A log of a pipeline keeps every line, so there are few."""

_MOVING = "{desc}: {n_fmt} of {total_fmt} documents, {rate_noinv_fmt}, {remaining} left"


@contextmanager
def progress_line(
    description: str, *, total: int, shown: bool
) -> Iterator[Callable[[int], object]]:
    """Give a function that counts documents done; say on standard error how far it is, if `shown`.

    On a terminal that is one line that moves and goes away. Elsewhere lines are written, one in ten
    seconds at most, and none for work that is done before.

    Args:
        description: What is done.
        total: Documents.
        shown: Whether to say anything. Of several processes on one terminal none should.
    """
    # The real stream: a test runner may have put its own in the place of sys.stderr.
    stream = sys.__stderr__
    if not shown or stream is None:
        yield _silent
    elif stream.isatty():
        with tqdm(
            desc=description,
            total=total,
            unit=" documents",
            leave=False,
            file=stream,
            bar_format=_MOVING,
        ) as line:
            yield line.update
    else:
        yield _Lines(description, total=total, stream=stream).advance


class _Lines:
    """Progress as lines of a log."""

    def __init__(self, description: str, *, total: int, stream: TextIO) -> None:
        self._description = description
        self._total = total
        self._stream = stream
        self._done = self._done_before = 0
        self._last = time.monotonic()

    def advance(self, documents: int) -> None:
        """Count documents, and write a line if the last one is long ago."""
        self._done += documents
        now = time.monotonic()
        if now - self._last < SECONDS_BETWEEN_LINES or self._done >= self._total:
            return
        # What an interrupted run has left is counted at once: only the last seconds tell a speed.
        rate = (self._done - self._done_before) / (now - self._last)
        self._last, self._done_before = now, self._done
        left = tqdm.format_interval((self._total - self._done) / rate) if rate else "?"
        print(
            f"{self._description}: {self._done} of {self._total} documents, "
            f"{rate:.3g} documents/s, {left} left",
            file=self._stream,
            flush=True,
        )


def _silent(_documents: int) -> None:
    """Count nothing."""
