"""Further constructions of known truth, to try thresholds on.

The threshold of the exchange claim is older than all of them; quantity and threshold of the
inversion claim were chosen on `FRESH` and on the models that avoid the evidence in `HELD_OUT`.
"""

import hashlib
import math
from functools import partial

import torch

from attnaudit.models.planted import (
    NEGATIVE_WORDS,
    NEUTRAL_WORDS,
    POSITIVE_WORDS,
    Construction,
    RuleModel,
    blind_model,
    faithful_model,
    leaking_model,
    misdirected_model,
    planted_documents,
    word_codes,
)

EVIDENCE = frozenset(POSITIVE_WORDS + NEGATIVE_WORDS)
STRONG = frozenset((*POSITIVE_WORDS[:2], *NEGATIVE_WORDS[:2]))


def attending(name, *, codes, score, **options):
    """A model that gives every word a score of its own, whatever stands around it."""
    return RuleModel(
        name=name, codes=codes, rule=lambda _, words: [score(word) for word in words], **options
    )


def noisy(*, spread, weight):
    """Attention on the evidence, among neutral words that argue at random."""
    return attending(
        f"noisy {spread}",
        codes=word_codes(evidence_logit=6.0, neutral_spread=spread),
        score=lambda word: weight if word in EVIDENCE else 0.0,
    )


def two_strengths(*, strong, weak):
    """Some evidence words argue for 6 logits, the others for 2."""
    codes = {
        word: math.copysign(6.0 if word in STRONG else 2.0, code) if word in EVIDENCE else code
        for word, code in word_codes(evidence_logit=6.0).items()
    }

    def score(word):
        if word in EVIDENCE:
            return strong if word in STRONG else weak
        return 0.0

    return attending(f"strengths {strong} {weak}", codes=codes, score=score)


def partly_misdirected(*, share):
    """In that share of documents the attention of the evidence goes to another word."""

    def rule(document, words):
        digest = hashlib.sha256(document.encode()).digest()
        place = next(t for t, word in enumerate(words) if word in EVIDENCE)
        if digest[0] < 256 * share:
            place = (place + 1 + digest[1] % (len(words) - 1)) % len(words)
        return [6.0 if t == place else 0.0 for t in range(len(words))]

    return RuleModel(
        name=f"partly {share}",
        codes=word_codes(evidence_logit=6.0, neutral_spread=0.3),
        rule=rule,
    )


def one_word_wrong():
    """Attention on a neutral word that occurs everywhere, as on a full stop."""
    return attending(
        "one word wrong",
        codes=word_codes(evidence_logit=6.0, neutral_spread=0.3),
        score=lambda word: 4.0 if word in NEUTRAL_WORDS[:12] else 0.0,
    )


def fixed_place(place):
    """Attention on the first or the last position, whatever stands there."""

    def rule(_, words):
        return [6.0 if t == place % len(words) else 0.0 for t in range(len(words))]

    return RuleModel(
        name=f"place {place}",
        codes=word_codes(evidence_logit=4.0, neutral_spread=0.7),
        rule=rule,
    )


def blurred(*, offset):
    """Evidence that leaks to its neighbours, with attention so many positions beside it."""

    def leak(tokens):
        place = torch.arange(tokens, dtype=torch.float64)
        return torch.exp(-(place.unsqueeze(1) - place).abs() / 1.5)

    def rule(_, words):
        place = next(t for t, word in enumerate(words) if word in EVIDENCE)
        return [5.0 if t == (place + offset) % len(words) else 0.0 for t in range(len(words))]

    return RuleModel(
        name=f"blurred {offset}",
        codes=word_codes(evidence_logit=5.0, neutral_spread=0.2),
        rule=rule,
        mixing=leak,
    )


def of(lengths, *, copies=1):
    """Documents of such lengths."""

    def make(count, generator):
        return planted_documents(count, generator=generator, lengths=lengths, copies=copies)

    return make


USUAL = (10, 39)

# The truth says whether the top position is special, which claims of exchange and of inversion
# should find; "partly" where it is in half of the documents, or not as special as another.
FRESH = tuple(
    Construction(name=name, truth=truth, model=model, documents=documents)
    for name, truth, model, documents in (
        ("short, faithful", "special", faithful_model, of((3, 6))),
        ("short, blind", "not special", blind_model, of((3, 6))),
        ("short, misdirected", "not special", misdirected_model, of((3, 6))),
        (
            "long, faithful",
            "special",
            partial(faithful_model, evidence_ratio=4000.0),
            of((200, 400)),
        ),
        ("long, blind", "not special", blind_model, of((200, 400))),
        ("diffuse, faithful", "special", partial(faithful_model, evidence_ratio=8.0), of(USUAL)),
        ("sure, faithful", "special", partial(faithful_model, evidence_logit=12.0), of(USUAL)),
        ("weak, faithful", "special", partial(faithful_model, evidence_logit=1.0), of(USUAL)),
        ("noise 1.0, faithful", "special", partial(noisy, spread=1.0, weight=6.0), of(USUAL)),
        ("noise 2.0, faithful", "special", partial(noisy, spread=2.0, weight=6.0), of(USUAL)),
        (
            "strong evidence, faithful",
            "special",
            partial(faithful_model, evidence_logit=3.0, evidence_ratio=30.0),
            of((11, 15)),
        ),
        (
            "strong evidence, misdirected",
            "not special",
            partial(misdirected_model, evidence_logit=12.0),
            of((11, 15)),
        ),
        ("noise 1.0, blind", "not special", partial(blind_model, neutral_spread=1.0), of(USUAL)),
        ("noise 2.0, blind", "not special", partial(blind_model, neutral_spread=2.0), of(USUAL)),
        (
            "peaked, blind",
            "not special",
            partial(blind_model, spread=5.0, neutral_spread=1.0),
            of(USUAL),
        ),
        (
            "noise 1.0, misdirected",
            "not special",
            partial(noisy, spread=1.0, weight=-6.0),
            of(USUAL),
        ),
        ("wrong word", "not special", one_word_wrong, of(USUAL)),
        (
            "two strengths, right",
            "special",
            partial(two_strengths, strong=6.0, weak=4.0),
            of(USUAL, copies=2),
        ),
        (
            "two strengths, wrong",
            "partly",
            partial(two_strengths, strong=4.0, weak=6.0),
            of(USUAL, copies=2),
        ),
        ("leaking far", "special", partial(leaking_model, reach=5.0), of(USUAL)),
        ("10 % misdirected", "special", partial(partly_misdirected, share=0.1), of(USUAL)),
        ("50 % misdirected", "partly", partial(partly_misdirected, share=0.5), of(USUAL)),
        ("90 % misdirected", "not special", partial(partly_misdirected, share=0.9), of(USUAL)),
    )
)

HELD_OUT = tuple(
    Construction(name=name, truth=truth, model=model, documents=documents)
    for name, truth, model, documents in (
        (
            "long, noise 1.0, faithful",
            "special",
            partial(noisy, spread=1.0, weight=8.0),
            of((100, 200)),
        ),
        (
            "noise 0.5, diffuse, faithful",
            "special",
            partial(noisy, spread=0.5, weight=3.0),
            of(USUAL),
        ),
        (
            "noise 1.5, three words",
            "special",
            partial(noisy, spread=1.5, weight=6.0),
            of((12, 25), copies=3),
        ),
        (
            "noise 1.5, away from three",
            "not special",
            partial(noisy, spread=1.5, weight=-6.0),
            of((12, 25), copies=3),
        ),
        (
            "long, noise 1.0, away",
            "not special",
            partial(noisy, spread=1.0, weight=-8.0),
            of((100, 200)),
        ),
        ("noise 0.3, away", "not special", partial(noisy, spread=0.3, weight=-6.0), of(USUAL)),
        (
            "long, noise 0.7, away",
            "not special",
            partial(noisy, spread=0.7, weight=-8.0),
            of((100, 200)),
        ),
        ("first position", "not special", partial(fixed_place, 0), of(USUAL)),
        ("last position", "not special", partial(fixed_place, -1), of((12, 100))),
        ("blurred, on it", "special", partial(blurred, offset=0), of(USUAL)),
        ("blurred, one beside", "special", partial(blurred, offset=1), of(USUAL)),
        ("blurred, six beside", "not special", partial(blurred, offset=6), of((20, 39))),
        (
            "very diffuse blind",
            "not special",
            partial(blind_model, spread=0.5, neutral_spread=1.5),
            of(USUAL),
        ),
        ("25 % misdirected", "special", partial(partly_misdirected, share=0.25), of((12, 60))),
    )
)
