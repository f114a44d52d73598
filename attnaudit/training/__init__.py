"""Training of the paper's classifiers: the recipe is here, the loop is a library's.

Names are imported on first use, so that a command line can be parsed without torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attnaudit.training.options import TrainingOptions
    from attnaudit.training.report import TrainingReport
    from attnaudit.training.trainer import train

__all__ = ["TrainingOptions", "TrainingReport", "train"]

_MODULES = {"TrainingOptions": "options", "TrainingReport": "report", "train": "trainer"}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
