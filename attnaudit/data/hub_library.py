"""The library that the hub is read with, while it reports to nobody and shows no bars unasked."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

from attnaudit.errors import MissingExtraError

_REPORTING = (
    ("huggingface_hub.constants", "HF_HUB_DISABLE_TELEMETRY", True),
    ("datasets.config", "HF_UPDATE_DOWNLOAD_COUNTS", False),
)
"""Module, setting and the value with which nobody is told that the library is used.

A variable of the environment called like the setting decides it too, but only when the module is
imported, which may have been long ago.
"""


@contextmanager
def hub_library() -> Iterator[ModuleType]:
    """The library `datasets`; until the block ends it does not report its use.

    What the environment says of reporting holds. Bars are shown on a terminal only. Afterwards
    all settings are as they were.

    Raises:
        MissingExtraError: If the extra "datasets" is not installed.
    """
    # Takes seconds, so only who fetches from the hub pays.
    datasets = _imported("datasets")
    hide = not (sys.stderr.isatty() or datasets.are_progress_bars_disabled())
    modules = [
        (_imported(module), setting, value)
        for module, setting, value in _REPORTING
        if setting not in os.environ
    ]
    before = [getattr(module, setting) for module, setting, _ in modules]
    for module, setting, value in modules:
        setattr(module, setting, value)
    if hide:
        datasets.disable_progress_bars()
    try:
        yield datasets
    finally:
        if hide:
            datasets.enable_progress_bars()
        for (module, setting, _), value in zip(modules, before, strict=True):
            setattr(module, setting, value)


def _imported(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"data sets on the hub need {error.name}, which is not installed. Run: pip install "
            "'attnaudit[datasets]'; or name a local file instead."
        ) from error
