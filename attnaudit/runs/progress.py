"""A progress line for work that takes a while."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm


@contextmanager
def progress_line(
    description: str, *, total: int, shown: bool
) -> Iterator[Callable[[int], object]]:
    """Give a function that counts documents done; draw a line on standard error if `shown`."""
    # The real stream: a test runner may have put its own in the place of sys.stderr.
    stream = sys.__stderr__
    with tqdm(
        desc=description, total=total, unit="document", leave=False, file=stream, disable=not shown
    ) as line:
        yield line.update
