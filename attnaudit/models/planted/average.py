"""Planted models of the paper's own architecture: average encoder, additive attention, a sigmoid.

They are saved and loaded like trained ones. Their four hidden units are: positive evidence,
negative evidence, and two that tell neutral words apart and reach neither attention nor output.
"""

import math

import torch
from torch import Tensor

from attnaudit.data.vocabulary import SPECIALS, Vocabulary
from attnaudit.models.blank import blank_classifier
from attnaudit.models.configuration import Configuration
from attnaudit.models.paper import PaperModel
from attnaudit.models.planted.words import NEGATIVE_WORDS, NEUTRAL_WORDS, POSITIVE_WORDS

_EVIDENCE_UNIT = math.tanh(1.0)


def faithful_model(*, evidence_logit: float = 2.9, evidence_ratio: float = 400.0) -> PaperModel:
    r"""A model that decides by its one evidence word, attends to it, and to nothing else.

    For a document of T words of which exactly one is evidence, the rest neutral, the logit is
    $\pm s\,r / (r + T - 1)$ with s the `evidence_logit` and r the `evidence_ratio`. Neutral words
    have equal attention, and readout and gradient exactly zero, so attention ranks words exactly
    as gradient and leave-one-out do. With the defaults and any length, probabilities lie in
    [0.052, 0.948].

    Args:
        evidence_logit: Logit of attending to an evidence word alone, positive.
        evidence_ratio: Attention of the evidence word over that of a neutral one, above 1.

    Returns:
        The model in float64 on the CPU, in evaluation mode.
    """
    return _planted(evidence_logit=evidence_logit, evidence_score=math.log(evidence_ratio))


def uniform_attention_model(*, evidence_logit: float = 2.9) -> PaperModel:
    """The faithful model with constant attention: every word has the same weight.

    Args:
        evidence_logit: Logit of attending to an evidence word alone, positive.

    Returns:
        The model in float64 on the CPU, in evaluation mode.
    """
    return _planted(evidence_logit=evidence_logit, evidence_score=0.0)


def ignored_attention_model() -> PaperModel:
    """The faithful model with a head of zero weights: no attention can change its output.

    Returns:
        The model in float64 on the CPU, in evaluation mode. It does not pass preflight.
    """
    return _planted(evidence_logit=0.0, evidence_score=math.log(400.0))


def misdirected_model(
    *, evidence_logit: float = 2.9, evidence_ratio: float = 1 / 400
) -> PaperModel:
    """The faithful model with its order reversed: evidence gets the least attention of all.

    Gradient and leave-one-out importance are two-valued on the same words as attention, so every
    rank correlation with it is exactly -1.

    Args:
        evidence_logit: Logit of attending to an evidence word alone, positive.
        evidence_ratio: Attention of the evidence word over that of a neutral one, below 1.

    Returns:
        The model in float64 on the CPU, in evaluation mode.
    """
    return _planted(evidence_logit=evidence_logit, evidence_score=math.log(evidence_ratio))


def one_class_model(
    *, evidence_logit: float = 5.8, evidence_ratio: float = 400.0, bias: float = -2.9
) -> PaperModel:
    """A model that knows evidence of the positive class only, and attends to it.

    Documents with a positive word are decided by it and attended like the faithful model's. All
    others get constant attention and the probability of the bias: on them attention says nothing.

    Args:
        evidence_logit: Logit of attending to a positive word alone, without the bias, positive.
        evidence_ratio: Attention of a positive word over that of any other, above 1.
        bias: Logit of a document without a positive word, negative.

    Returns:
        The model in float64 on the CPU, in evaluation mode.
    """
    return _planted(
        evidence_logit=evidence_logit,
        evidence_score=math.log(evidence_ratio),
        bias=bias,
        sees_negative_words=False,
    )


def _planted(
    *,
    evidence_logit: float,
    evidence_score: float,
    bias: float = 0.0,
    sees_negative_words: bool = True,
) -> PaperModel:
    vocabulary = Vocabulary((*SPECIALS, *POSITIVE_WORDS, *NEGATIVE_WORDS, *NEUTRAL_WORDS))
    configuration = Configuration(
        encoder="average",
        attention="additive",
        embedding_size=4,
        hidden_size=4,
        classes=("negative", "positive"),
        kind="binary",
        tokenizer="whitespace",
        vocabulary_size=len(vocabulary),
    )
    network = blank_classifier(configuration)
    readout = evidence_logit / _EVIDENCE_UNIT
    scorer = evidence_score / math.tanh(_EVIDENCE_UNIT)
    negative = 1.0 if sees_negative_words else 0.0
    weights = {
        "embedding.weight": _embeddings(vocabulary),
        "encoder.projection.weight": torch.eye(4),
        "encoder.projection.bias": torch.zeros(4),
        "attention.projection.weight": torch.tensor([[1.0, negative, 0.0, 0.0], [0.0] * 4]),
        "attention.projection.bias": torch.zeros(2),
        "attention.vector.weight": torch.tensor([[scorer, 0.0]], dtype=torch.float64),
        "head.weight": torch.tensor(
            [[readout, -readout * negative, 0.0, 0.0]], dtype=torch.float64
        ),
        "head.bias": torch.tensor([bias], dtype=torch.float64),
    }
    network.load_state_dict({name: w.double() for name, w in weights.items()}, assign=True)
    return PaperModel(network.eval().requires_grad_(False), configuration, vocabulary)


def _embeddings(vocabulary: Vocabulary) -> Tensor:
    embeddings = torch.zeros(len(vocabulary), 4, dtype=torch.float64)
    embeddings[vocabulary.encode(POSITIVE_WORDS), 0] = 1.0
    embeddings[vocabulary.encode(NEGATIVE_WORDS), 1] = 1.0
    angle = torch.arange(len(NEUTRAL_WORDS), dtype=torch.float64) * 2 * math.pi / len(NEUTRAL_WORDS)
    neutral = vocabulary.encode(NEUTRAL_WORDS)
    embeddings[neutral, 2], embeddings[neutral, 3] = angle.cos(), angle.sin()
    return embeddings
