"""Where the attention of a drawn construction peaks: each policy is one number per position.

The attention score of a position is that number times the construction's peak, plus noise.
"""

from dataclasses import dataclass

import numpy as np

NOBODY = -1
"""In `Scene.evidence`: the position argues for no class but at random."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What a policy may look at; arrays are [tokens].

    Attributes:
        label: The class that most of the evidence argues for.
        evidence: Class that the evidence at a position argues for, or `NOBODY`.
        strengths: How strongly it does, in logits; 0 where there is none.
        words: Number of the neutral word, smaller if more frequent; -1 at evidence.
    """

    label: int
    evidence: np.ndarray
    strengths: np.ndarray
    words: np.ndarray


def pointing(aim):
    """At the strongest evidence for the label in that share of documents, else at another place."""

    def policy(generator, scene):
        tokens = len(scene.evidence)
        place = int(np.argmax(np.where(scene.evidence == scene.label, scene.strengths, -np.inf)))
        if generator.random() >= aim:
            place = (place + int(generator.integers(1, tokens))) % tokens
        return _only(place, tokens)

    return policy


def at_any_evidence(generator, scene):
    """At a word of evidence, whichever class it argues for."""
    return _only(_some_evidence(generator, scene), len(scene.evidence))


def at_all_evidence(_, scene):
    """At all evidence for the label alike."""
    return (scene.evidence == scene.label).astype(float)


def anywhere(generator, scene):
    """At any position."""
    return _only(int(generator.integers(len(scene.evidence))), len(scene.evidence))


def away(_, scene):
    """Anywhere but at the evidence."""
    return -(scene.evidence != NOBODY).astype(float)


def at_one_word(_, scene):
    """At the most frequent neutral word, as at a full stop."""
    return (scene.words == 0).astype(float)


def at_the_end(_, scene):
    """At the last position."""
    return _only(len(scene.evidence) - 1, len(scene.evidence))


def beside(generator, scene):
    """At the position after a word of evidence, which knows nothing of it."""
    tokens = len(scene.evidence)
    return _only((_some_evidence(generator, scene) + 1) % tokens, tokens)


def _some_evidence(generator, scene):
    return int(generator.choice(np.flatnonzero(scene.evidence != NOBODY)))


def _only(place, tokens):
    return (np.arange(tokens) == place).astype(float)


POLICIES = {
    "pointing": pointing(1.0),
    "pointing, 90 %": pointing(0.9),
    "pointing, 75 %": pointing(0.75),
    "pointing, 50 %": pointing(0.5),
    "pointing, 25 %": pointing(0.25),
    "pointing, 10 %": pointing(0.1),
    "at any evidence": at_any_evidence,
    "at all evidence": at_all_evidence,
    "anywhere": anywhere,
    "away": away,
    "at one word": at_one_word,
    "at the end": at_the_end,
    "beside": beside,
}
