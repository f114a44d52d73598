"""Models whose attention is right in a known share of documents: they set a mean where one wants.

A document belongs to one part or the other by its id alone. All parts share the words' codes, so
the decisions of a mixture tell nothing of its parts.
"""

from attnaudit.models.planted.by_rule import word_codes
from attnaudit.models.planted.rule_model import AttentionRule, RuleModel
from attnaudit.models.planted.rules import blind_rule, evidence_rule, mixed_rule

_FAITHFUL = evidence_rule(evidence_ratio=400.0)


def sometimes_blind_model(*, faithful_share: float, evidence_logit: float = 6.0) -> RuleModel:
    """Attention on the evidence in a share of documents, blind in the rest.

    Where each document has one evidence word at a uniform place, the expected rank correlation
    with the gradient is `faithful_share`, exactly.

    Args:
        faithful_share: Probability that a document is attended faithfully.
        evidence_logit: Logit of attending to an evidence word alone, positive.
    """
    return _mixture(
        "blind", blind_rule(spread=2.0), share=faithful_share, evidence_logit=evidence_logit
    )


def sometimes_misdirected_model(*, faithful_share: float, evidence_logit: float = 6.0) -> RuleModel:
    """Attention on the evidence in a share of documents, away from it in the rest.

    Rank correlations are 1 or -1, so a sample may well hold one of the two only.

    Args:
        faithful_share: Probability that a document is attended faithfully.
        evidence_logit: Logit of attending to an evidence word alone, positive.
    """
    return _mixture(
        "misdirected",
        evidence_rule(evidence_ratio=1 / 400),
        share=faithful_share,
        evidence_logit=evidence_logit,
    )


def collapsed_model(*, faithful_share: float = 0.05, evidence_logit: float = 6.0) -> RuleModel:
    """Attention on the evidence in a few documents, uniform in all the others.

    Wherever attention ranks anything it ranks rightly; mostly it ranks nothing.

    Args:
        faithful_share: Probability that a document is attended faithfully.
        evidence_logit: Logit of attending to an evidence word alone, positive.
    """
    return _mixture(
        "uniform",
        evidence_rule(evidence_ratio=1.0),
        share=faithful_share,
        evidence_logit=evidence_logit,
    )


def _mixture(
    other: str, otherwise: AttentionRule, *, share: float, evidence_logit: float
) -> RuleModel:
    return RuleModel(
        name=f"faithful {share} otherwise {other}",
        codes=word_codes(evidence_logit=evidence_logit),
        rule=mixed_rule(_FAITHFUL, otherwise, share=share),
    )
