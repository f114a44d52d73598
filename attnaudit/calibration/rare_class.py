"""A claim that is true of all documents together and false in a class that few of them are in."""

from dataclasses import replace

import numpy as np

from attnaudit.calibration.questions import by_prediction, with_threshold
from attnaudit.claims import Claim
from attnaudit.records import Measurement
from attnaudit.verdicts.evidence import gather_evidence

_CLASSES = ("common", "rare")


def false_in_a_rare_class(
    claim: Claim, measurement: Measurement, *, members: int
) -> tuple[Claim, Measurement]:
    """The documents that speak most against a claim as a class of their own.

    Args:
        claim: About a mean.
        measurement: Documents, all of them with a value.
        members: How many of them are in the rare class, at least 1.

    Returns:
        The claim by predicted class, with its threshold in the middle between the mean of the rare
        class, which contradicts it, and the mean of all documents, which agrees with it; and the
        documents with these two classes.
    """
    values = gather_evidence(claim, measurement).lower
    order = np.argsort(values if claim.direction == "at_least" else -values, kind="stable")
    rare = order[:members]
    names = [_CLASSES[0]] * len(values)
    for place in rare:
        names[place] = _CLASSES[1]
    middle = float(values[rare].mean() + values.mean()) / 2
    marked = replace(measurement, groups={"predicted": tuple(names)}, classes=_CLASSES)
    return by_prediction(with_threshold(claim, middle)), marked
