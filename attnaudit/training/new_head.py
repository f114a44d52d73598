"""A head that has learnt nothing, on a network that was pretrained."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn
from transformers.utils import logging

from attnaudit.training.head import is_of_base


def draw_head(module: nn.Module, *, seed: int) -> None:
    """Give a network a new head, whatever head it had.

    Args:
        module: A network `...ForSequenceClassification` on the CPU. What it has besides the head
            stays, and so does the global generator.
        seed: Draws the weights, as the library draws those of a head that a directory lacks.
    """
    anything: Any = module
    base = {name: one for name, one in module.state_dict().items() if is_of_base(module, name)}
    with _quiet(), torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        drawn = type(anything).from_pretrained(None, config=anything.config, state_dict=base)
    head = {name: one for name, one in drawn.state_dict().items() if not is_of_base(module, name)}
    module.load_state_dict(head, strict=False)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the library from warning that the head is new."""
    told, shown = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(told)
        if shown:
            logging.enable_progress_bar()
