"""Planted models whose attention is a rule: blind, ignored, redundant and leaking."""

from collections.abc import Mapping
from statistics import NormalDist

import torch
from jaxtyping import Float64
from torch import Tensor

from attnaudit.models.planted.rule_model import RuleModel
from attnaudit.models.planted.rules import blind_rule, evidence_rule
from attnaudit.models.planted.words import NEGATIVE_WORDS, NEUTRAL_WORDS, POSITIVE_WORDS


def word_codes(*, evidence_logit: float, neutral_spread: float = 0.0) -> Mapping[str, float]:
    """Logits that words argue for: evidence for its class, neutral words at random.

    Args:
        evidence_logit: Of a positive word, and of a negative one with the other sign.
        neutral_spread: Standard deviation of those of neutral words, which have mean 0; normal.
    """
    # A stride that has no divisor in common with the number of words mixes the alphabet.
    count = len(NEUTRAL_WORDS)
    quantiles = [NormalDist().inv_cdf((17 * k % count + 0.5) / count) for k in range(count)]
    return (
        dict.fromkeys(POSITIVE_WORDS, evidence_logit)
        | dict.fromkeys(NEGATIVE_WORDS, -evidence_logit)
        | {
            word: neutral_spread * quantile
            for word, quantile in zip(NEUTRAL_WORDS, quantiles, strict=True)
        }
    )


def blind_model(
    *, evidence_logit: float = 6.0, spread: float = 2.0, neutral_spread: float = 0.0
) -> RuleModel:
    """Attention that depends on document and position, never on the words.

    Where the evidence stands at a uniform place, every statistic is on average what its null is.

    Args:
        evidence_logit: Logit of attending to an evidence word alone, positive.
        spread: Standard deviation of the attention scores; larger is more peaked.
        neutral_spread: Standard deviation of the logits of neutral words.
    """
    return RuleModel(
        name=f"blind {spread}",
        codes=word_codes(evidence_logit=evidence_logit, neutral_spread=neutral_spread),
        rule=blind_rule(spread=spread),
    )


def averaging_model(*, evidence_logit: float = 30.0, evidence_ratio: float = 400.0) -> RuleModel:
    """The same hidden state everywhere, the mean of the words, so attention changes nothing.

    Attention points at the evidence all the same, and leaving the evidence out changes the output.

    Args:
        evidence_logit: Logit of a document of one evidence word, positive; divided by the length.
        evidence_ratio: Attention of an evidence word over that of a neutral one.
    """

    def mean(tokens: int) -> Float64[Tensor, "tokens tokens"]:
        return torch.full((tokens, tokens), 1 / tokens, dtype=torch.float64)

    return RuleModel(
        name=f"averaging {evidence_ratio}",
        codes=word_codes(evidence_logit=evidence_logit),
        rule=evidence_rule(evidence_ratio=evidence_ratio),
        mixing=mean,
    )


def redundant_model(*, evidence_logit: float = 6.0, evidence_ratio: float = 400.0) -> RuleModel:
    """Attention on the first evidence word only, for documents with several.

    Any other evidence word would do as well: leaving the first one out moves attention to the
    next, and nearly nothing changes.

    Args:
        evidence_logit: Logit of attending to an evidence word alone, positive.
        evidence_ratio: Attention of the first evidence word over that of any other word.
    """
    return RuleModel(
        name=f"redundant {evidence_ratio}",
        codes=word_codes(evidence_logit=evidence_logit),
        rule=evidence_rule(evidence_ratio=evidence_ratio),
    )


def leaking_model(
    *, evidence_logit: float = 6.0, evidence_ratio: float = 400.0, reach: float = 2.0
) -> RuleModel:
    """The evidence word shows in the hidden states around it, as in a recurrent encoder.

    Attention is on the evidence itself, which alone decides; but its neighbours would do nearly as
    well. Words and positions come apart.

    Args:
        evidence_logit: Logit of the evidence word's own hidden state, positive.
        evidence_ratio: Attention of the evidence word over that of a neutral one.
        reach: Distance in tokens over which the evidence fades to 1/e.
    """

    def leak(tokens: int) -> Float64[Tensor, "tokens tokens"]:
        place = torch.arange(tokens, dtype=torch.float64)
        return torch.exp(-(place.unsqueeze(1) - place).abs() / reach)

    return RuleModel(
        name=f"leaking {evidence_ratio} {reach}",
        codes=word_codes(evidence_logit=evidence_logit),
        rule=evidence_rule(evidence_ratio=evidence_ratio),
        mixing=leak,
    )
