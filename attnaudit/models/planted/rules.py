"""Written rules of attention, from which models of known truth are put together."""

import hashlib
import math
from functools import lru_cache
from statistics import NormalDist

from attnaudit.models.planted.rule_model import AttentionRule
from attnaudit.models.planted.words import NEGATIVE_WORDS, POSITIVE_WORDS

_EVIDENCE = frozenset(POSITIVE_WORDS + NEGATIVE_WORDS)
# Leaving out each word of a document asks for the same numbers again and again.
_REMEMBERED = 4_096


def blind_rule(*, spread: float) -> AttentionRule:
    """Normal scores that depend on document and position, never on the words.

    Args:
        spread: Their standard deviation; larger is more peaked.
    """

    def rule(document: str, words: tuple[str, ...]) -> list[float]:
        return [spread * _normal(document, position) for position in range(len(words))]

    return rule


def evidence_rule(*, evidence_ratio: float) -> AttentionRule:
    """The first evidence word is apart from all others, which are alike.

    Args:
        evidence_ratio: Its attention over that of any other word: below 1 it gets the least, at 1
            attention is uniform.
    """
    score = math.log(evidence_ratio)

    def rule(_document: str, words: tuple[str, ...]) -> list[float]:
        place = next((place for place, word in enumerate(words) if word in _EVIDENCE), None)
        return [score if position == place else 0.0 for position in range(len(words))]

    return rule


def mixed_rule(first: AttentionRule, otherwise: AttentionRule, *, share: float) -> AttentionRule:
    """One rule in a share of all documents, another in the rest, whatever the words.

    Args:
        first: The rule of that share.
        otherwise: The rule of all other documents.
        share: Probability that a document follows `first`; its id decides.
    """

    def rule(document: str, words: tuple[str, ...]) -> list[float]:
        chosen = first if _uniform(f"{document}\0rule") < share else otherwise
        return list(chosen(document, words))

    return rule


@lru_cache(maxsize=_REMEMBERED)
def _normal(document: str, position: int) -> float:
    return NormalDist().inv_cdf(_uniform(f"{document}\0{position}"))


def _uniform(text: str) -> float:
    digest = hashlib.sha256(text.encode()).digest()
    return (int.from_bytes(digest[:6], "big") + 0.5) / 2**48
