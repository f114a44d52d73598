"""Models and documents whose every trait is drawn at random; only the policy of attention is given.

The default thresholds of exchange and inversion were set on constructions that somebody thought of.
Here a number decides: the head (one sigmoid, or a softmax over two or four classes) and its bias,
lengths, vocabulary, how many words of evidence there are, how many of them argue against the rest,
how strong they are and by how much that varies, what neutral words and positions argue at random,
and how sharp and how noisy attention is.
"""

from dataclasses import dataclass

import numpy as np
import torch
from drawn_policies import NOBODY, POLICIES, Scene

from attnaudit.models.planted import RuleModel
from attnaudit.models.protocol import Attended, Outputs
from attnaudit.models.readout import LinearReadout
from attnaudit.records import Document

LONGEST = 200


@dataclass(frozen=True, kw_only=True)
class Traits:
    """What a number decides. Scores, strengths and standard deviations are in logits.

    Attributes:
        link: "sigmoid" or "softmax".
        classes: 2, or 4 with a softmax.
        bias: [outputs].
        shape: Distribution of the lengths: "fixed", "even" or "skewed".
        lengths: Least and largest number of words; of "skewed" ones a few are longer.
        vocabulary: Number of neutral words; the k-th is drawn with weight 1 / k.
        evidence: Words of evidence in a document.
        opposing: How many of them argue for another class than the others.
        strength: Least and largest; each document has its own, each word at least 0.7 of that.
        word_scores: [vocabulary outputs] what neutral words argue.
        place_noise: Standard deviation of what is added to the scores of each position.
        peak: Attention score of the positions that the policy names, above that of others.
        word_attention: [vocabulary] what is added to the attention score of neutral words.
    """

    link: str
    classes: int
    bias: np.ndarray
    shape: str
    lengths: tuple[int, int]
    vocabulary: int
    evidence: int
    opposing: int
    strength: tuple[float, float]
    word_scores: np.ndarray
    place_noise: float
    peak: float
    word_attention: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One document, and what the model makes of it.

    Attributes:
        words: [tokens].
        scores: [tokens outputs] logits that each position argues for, without the bias.
        evidence: [tokens] class that the evidence at a position argues for, or `NOBODY`.
        attention: [tokens], on the simplex.
    """

    words: tuple[str, ...]
    scores: np.ndarray
    evidence: np.ndarray
    attention: np.ndarray


class DrawnModel(RuleModel):
    """What was drawn, as a model: it knows its own documents and no others."""

    def __init__(self, *, name, given, documents):
        super().__init__(name=name, codes={}, rule=lambda _, words: [0.0] * len(words))
        self.traits = given
        self.documents = documents

    @property
    def outputs(self):
        """As many classes as were drawn."""
        return Outputs(
            classes=tuple(f"class{k}" for k in range(self.traits.classes)),
            kind="binary" if self.traits.link == "sigmoid" else "softmax",
        )

    def attend(self, batch, *, sites):
        """The attention and the scores that were drawn."""
        mask = batch.mask
        attention = torch.zeros(mask.shape, dtype=torch.float64)
        scores = torch.zeros((*mask.shape, len(self.traits.bias)), dtype=torch.float64)
        for row, name in enumerate(batch.documents):
            one = self.documents[name]
            attention[row, mask[row]] = torch.from_numpy(one.attention)
            scores[row, mask[row]] = torch.from_numpy(one.scores)
        readout = LinearReadout(scores, torch.from_numpy(self.traits.bias), self.traits.link)
        attended = Attended(
            units=tuple((name, 0) for name in batch.documents),
            tokens=batch.tokens,
            mask=mask,
            attention=attention,
            rows=attention.unsqueeze(1),
            probabilities=readout(attention.unsqueeze(1)).squeeze(1),
            readout=readout,
        )
        return (attended,) * len(sites)


def drawn_construction(policy, *, number, count):
    """A model with so many documents, and the documents as records.

    Args:
        policy: A name in `POLICIES`.
        number: Decides everything else, together with the policy.
        count: Documents.
    """
    generator = np.random.default_rng([number, list(POLICIES).index(policy)])
    given = drawn_traits(generator)
    documents = {
        f"drawn-{k}": drawn_document(generator, given, POLICIES[policy]) for k in range(count)
    }
    model = DrawnModel(name=f"{policy} {number}", given=given, documents=documents)
    return model, tuple(Document(id=name, tokens=one.words) for name, one in documents.items())


def drawn_traits(generator):
    """Every trait from its range."""
    link, classes = (("sigmoid", 2), ("softmax", 2), ("softmax", 4))[generator.integers(3)]
    outputs = 1 if link == "sigmoid" else classes
    evidence = int(generator.integers(1, 6))
    shortest = int(generator.integers(6, 31))
    weakest = generator.uniform(2.0, 4.0)
    vocabulary = int(10 ** generator.uniform(1.0, 4.0))
    return Traits(
        link=link,
        classes=classes,
        bias=generator.normal(scale=0.3, size=outputs),
        shape=str(generator.choice(["fixed", "even", "skewed"])),
        lengths=(shortest, int(shortest * generator.uniform(1.0, 4.0))),
        vocabulary=vocabulary,
        evidence=evidence,
        opposing=int(generator.integers((evidence + 1) // 2)),
        strength=(weakest, weakest * generator.uniform(1.0, 3.0)),
        word_scores=generator.uniform(0.0, 1.0) * generator.normal(size=(vocabulary, outputs)),
        place_noise=generator.uniform(0.0, 0.5),
        peak=generator.uniform(3.0, 8.0),
        word_attention=generator.uniform(0.0, 1.0) * generator.normal(size=vocabulary),
    )


def drawn_document(generator, given, policy):
    """One document of a construction."""
    tokens = _length(generator, given)
    evidence = _evidence(generator, given, tokens)
    neutral = evidence == NOBODY
    weights = 1 / np.arange(1, given.vocabulary + 1)
    words = generator.choice(given.vocabulary, size=tokens, p=weights / weights.sum())
    strength = generator.uniform(*given.strength) * generator.uniform(0.7, 1.0, size=tokens)
    scene = Scene(
        label=int(np.bincount(evidence[~neutral]).argmax()),
        evidence=evidence,
        strengths=np.where(neutral, 0.0, strength),
        words=np.where(neutral, words, -1),
    )
    noise = np.where(neutral, given.word_attention[words], 0.0)
    attention = np.exp(given.peak * policy(generator, scene) + noise)
    return Drawn(
        words=tuple(f"w{word}" if word >= 0 else "evidence" for word in scene.words),
        scores=_scores(generator, given, scene),
        evidence=evidence,
        attention=attention / attention.sum(),
    )


def _length(generator, given):
    shortest, longest = given.lengths
    if given.shape == "fixed":
        return shortest
    if given.shape == "even":
        return int(generator.integers(shortest, longest + 1))
    return min(LONGEST, int(shortest * np.exp(np.abs(generator.normal(scale=0.5)))))


def _evidence(generator, given, tokens):
    label = int(generator.integers(given.classes))
    evidence = np.full(tokens, NOBODY)
    places = generator.choice(tokens, size=given.evidence, replace=False)
    evidence[places] = label
    others = generator.integers(1, given.classes, size=given.opposing)
    evidence[places[: given.opposing]] = (label + others) % given.classes
    return evidence


def _scores(generator, given, scene):
    outputs = len(given.bias)
    neutral = scene.evidence == NOBODY
    # One column argues for class 1, several each for its own.
    if given.link == "sigmoid":
        scores = (scene.strengths * (2 * scene.evidence - 1))[:, None]
    else:
        scores = scene.strengths[:, None] * (scene.evidence[:, None] == np.arange(outputs))
    scores = np.where(neutral[:, None], given.word_scores[scene.words], scores)
    return scores + given.place_noise * generator.normal(size=scores.shape)
