"""Models whose right verdicts are known, because everything in them was set by hand."""

from attnaudit.models.planted.average import (
    faithful_model,
    ignored_attention_model,
    misdirected_model,
    one_class_model,
    uniform_attention_model,
)
from attnaudit.models.planted.by_rule import (
    averaging_model,
    blind_model,
    leaking_model,
    redundant_model,
    word_codes,
)
from attnaudit.models.planted.constructions import Construction, constructions, mixtures
from attnaudit.models.planted.documents import planted_documents
from attnaudit.models.planted.mixtures import (
    collapsed_model,
    sometimes_blind_model,
    sometimes_misdirected_model,
)
from attnaudit.models.planted.rule_model import RuleModel
from attnaudit.models.planted.words import NEGATIVE_WORDS, NEUTRAL_WORDS, POSITIVE_WORDS

__all__ = [
    "NEGATIVE_WORDS",
    "NEUTRAL_WORDS",
    "POSITIVE_WORDS",
    "Construction",
    "RuleModel",
    "averaging_model",
    "blind_model",
    "collapsed_model",
    "constructions",
    "faithful_model",
    "ignored_attention_model",
    "leaking_model",
    "misdirected_model",
    "mixtures",
    "one_class_model",
    "planted_documents",
    "redundant_model",
    "sometimes_blind_model",
    "sometimes_misdirected_model",
    "uniform_attention_model",
    "word_codes",
]
