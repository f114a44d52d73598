"""Attention as far as possible from the model's own, with the same output."""

from attnaudit.adversaries.bounds import free_maximum
from attnaudit.adversaries.exact import admits_exact, exact_adversary
from attnaudit.adversaries.interval import admits_interval, interval_adversary
from attnaudit.adversaries.record import Adversary
from attnaudit.adversaries.search import search_adversary
from attnaudit.adversaries.sequential import sequential_adversary
from attnaudit.adversaries.starts import paper_starts

__all__ = [
    "Adversary",
    "admits_exact",
    "admits_interval",
    "exact_adversary",
    "free_maximum",
    "interval_adversary",
    "paper_starts",
    "search_adversary",
    "sequential_adversary",
]
