"""What attention of a drawn construction truly does, by a rule that was written before any result.

In a document attention *points* if what has the most attention (all positions with at least half
of the largest weight) is planted evidence for the predicted class, by more than half of its weight,
and taking that weight away (the other positions share it in proportion) costs the predicted class
more than `TOLERANCE` of its log-odds. The construction's number is the share of documents in which
it points, minus the share if the same weights stood elsewhere: the mean over all rotations of
attention, each of which is judged by what the model would predict then. The claims of exchange and
of inversion should hold from `TRUE` on and not up to `FALSE`; in between attention points in some
documents only, and neither answer is wrong.
"""

import statistics

import numpy as np

TOLERANCE = 0.5
"""Logits: the change of log-odds that both claims count as none."""

TRUE = 0.5
FALSE = 0.05


def pointing_above_chance(model):
    """In [-1, 1], over all documents of a drawn model."""
    return statistics.fmean(
        _above_chance(one, bias=model.traits.bias) for one in model.documents.values()
    )


def truth_of(value):
    """What the claims should find."""
    if value >= TRUE:
        return "special"
    return "not special" if value <= FALSE else "partly"


def points(drawn, attention, *, bias):
    """Whether the model would point if its attention were this."""
    top = attention >= attention.max() / 2
    logits = class_logits(attention @ drawn.scores + bias)
    predicted = int(np.argmax(logits))
    right = attention[top & (drawn.evidence == predicted)].sum()
    # Weight that is everywhere cannot be taken away.
    if top.all() or right <= attention[top].sum() / 2:
        return False
    rest = attention[~top]
    without = class_logits((rest / rest.sum()) @ drawn.scores[~top] + bias)
    return log_odds(logits, predicted) - log_odds(without, predicted) > TOLERANCE


def class_logits(outputs):
    """One logit per class: a single output argues for class 1 against class 0."""
    return np.array([0.0, *outputs]) if len(outputs) == 1 else outputs


def log_odds(logits, chosen):
    return logits[chosen] - np.logaddexp.reduce(np.delete(logits, chosen))


def _above_chance(drawn, *, bias):
    attention = drawn.attention
    rotated = [points(drawn, np.roll(attention, by), bias=bias) for by in range(len(attention))]
    return rotated[0] - statistics.fmean(rotated)
