"""Frozen values that cross a border between two layers. Nothing here knows torch or pytest."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Bound(StrEnum):
    """What a stored value says about the quantity it stands for."""

    EXACT = "exact"
    """The value is the quantity."""
    INTERVAL = "interval"
    """The quantity lies between `lower` and `upper`."""
    LOWER = "lower-bound"
    """A search found `lower`; more may exist. It can refute "at most", never support it."""


CLUSTER = "cluster"
"""The grouping of documents that are drawn together: those of one author, thread or the like."""


class Outcome(StrEnum):
    """What may be said about a claim."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """One text to audit. Either `text` or `tokens` is given.

    Attributes:
        id: Unique among the documents of a run; seeds its randomness.
        text: Raw text, split into words by the model's own tokeniser.
        tokens: Words already split; they win over `text`.
        label: Gold class name, or None where unknown.
        text2: A second text (question, hypothesis), or None.
        rationale: Half-open token spans that a person marked as evidence, or None.
        split: Name of the split the source puts it in (train, dev, test), or None.
        cluster: What it shares with documents that are not independent of it (author, thread), or
            None if it is a draw of its own.
    """

    id: str
    text: str | None = None
    tokens: tuple[str, ...] | None = None
    label: str | None = None
    text2: str | None = None
    rationale: tuple[tuple[int, int], ...] | None = None
    split: str | None = None
    cluster: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped:
    """A document that was left out, and why."""

    document: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentRow:
    """What a report needs to show one document at one attention site, with one output.

    `tokens`, `attention` and `length` are of what the model read: of the beginning alone, where
    it could not read all of a document. `truncated` says that it could not, or could not read all
    of its second text. `special_mass` is the share of the attention, in [0, 1], that lies on none
    of these tokens; None where a model has no other place to attend to.
    """

    id: str
    tokens: tuple[str, ...] | None
    label: str | None
    predicted: str | None
    probabilities: tuple[float, ...] | None
    attention: tuple[float, ...] | None
    length: int
    skipped: str | None = None
    cluster: str | None = None
    text2: str | None = None
    truncated: bool = False
    special_mass: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ValueRow:
    """One quantity of one unit (a document, or one output step of it).

    Attributes:
        document: Id of the document.
        unit: Output index inside the document; 0 unless the model writes several.
        quantity: Which of the audit's quantities this is, for example "tau".
        value: The value; NaN where undefined.
        lower: What is proved at least. Equal to `value` for exact quantities.
        upper: What is proved at most. Equal to `value` for exact quantities.
        kind: What `value` is with respect to the quantity.
        undefined: Why there is no value, or None.
        witness: The attention that attains `value`, where there is one.
        witness_probabilities: The model's output under the witness.
        importance: [tokens] how much each token matters, at least 0, where attention is compared
            with that; None elsewhere, and in runs that did not yet keep it.
    """

    document: str
    unit: int = 0
    quantity: str
    value: float
    lower: float
    upper: float
    kind: Bound = Bound.EXACT
    undefined: str | None = None
    witness: tuple[float, ...] | None = None
    witness_probabilities: tuple[float, ...] | None = None
    importance: tuple[float, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Draw:
    """How the documents of a measurement were drawn from all that there are.

    Attributes:
        place: [documents] place of each in the order of drawing, from 0. It is seeded and fixed
            before anything is measured, and documents of one cluster follow each other in it.
            Documents that could not be used leave gaps.
        drawn: Documents drawn, whether they could be used or not.
        population: Documents that they were drawn from.
    """

    place: NDArray[np.int64]
    drawn: int
    population: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Measurement:
    """One bounded quantity per document, in the order of the documents.

    Attributes:
        audit: Which audit measured it.
        quantity: Name of the quantity.
        low: Least value the quantity can take.
        high: Largest value the quantity can take.
        documents: Ids, unique.
        value: [documents] float64, NaN where undefined.
        lower: [documents] proved at least, NaN where undefined.
        upper: [documents] proved at most, NaN where undefined.
        undefined: Cause per document, None where defined.
        lengths: [documents] number of tokens.
        confidence: [documents] float64, the model's probability of the class it predicts, in
            [0, 1].
        kind: The weakest kind among the values.
        groups: For each grouping by name ("predicted", "label", "cluster"), the group of every
            document.
        classes: What the model can predict and a label can be, known before anything is measured;
            none if that is not known.
        draw: How the documents were drawn; None if they are all there are.
    """

    audit: str
    quantity: str
    low: float
    high: float
    documents: tuple[str, ...]
    value: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    undefined: tuple[str | None, ...]
    lengths: NDArray[np.int64]
    confidence: NDArray[np.float64]
    kind: Bound
    groups: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    draw: Draw | None = None

    def select(self, index: NDArray[np.intp]) -> "Measurement":
        """The same of some documents only, in the order of `index`, drawn as they were."""
        chosen: list[int] = index.tolist()
        draw = self.draw
        return replace(
            self,
            documents=tuple(self.documents[place] for place in chosen),
            value=self.value[index],
            lower=self.lower[index],
            upper=self.upper[index],
            undefined=tuple(self.undefined[place] for place in chosen),
            lengths=self.lengths[index],
            confidence=self.confidence[index],
            groups={
                name: tuple(members[place] for place in chosen)
                for name, members in self.groups.items()
            },
            draw=None if draw is None else replace(draw, place=draw.place[index]),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class VerdictRow:
    """The decision on one group of documents ("overall" is all of them).

    Attributes:
        group: "overall", or for example "predicted=positive".
        outcome: Decision for this group alone.
        estimate: Statistic over the defined documents; NaN if there are none.
        low: Lower end of the decision interval.
        high: Upper end of the decision interval.
        n: Documents in the group, defined or not.
        undefined: How many of them have no value.
        reason: Why the outcome is what it is, where numbers alone do not say it.
        clusters: How many clusters they are from; None where each is a draw of its own.
    """

    group: str
    outcome: Outcome
    estimate: float
    low: float
    high: float
    n: int
    undefined: int
    reason: str | None = None
    clusters: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """Two 95 % intervals of the statistic of one row of a verdict. They decide nothing.

    Attributes:
        group: The row, as in the verdict.
        unadjusted: What the decision interval would be if this were the only claim and this its
            only row, all documents looked at once and drawn from infinitely many.
        bca: Bias-corrected and accelerated bootstrap, over the documents that have a value; None
            where there is none, as of values that are all the same. On skewed values it errs up to
            ten times as often as it says.
    """

    group: str
    unadjusted: tuple[float, float]
    bca: tuple[float, float] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Stratum:
    """The statistic of a claim where the model is about equally confident. It decides nothing.

    Attributes:
        name: Range of the probability of the predicted class, for example "0.75-0.95".
        n: Documents in the stratum, defined or not.
        undefined: How many of them have no value.
        estimate: Statistic over the defined documents; NaN if there are none.
    """

    name: str
    n: int
    undefined: int
    estimate: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """The decision on one claim about one model at one site.

    Attributes:
        claim: Id of the claim.
        outcome: The decision, over all groups.
        rows: "overall" first, then each group.
        kind: What the values are (exact, interval, lower bound).
        level: Error probability granted to each direction.
        needed: Documents that would probably decide it (10 % and 90 % quantile), if inconclusive;
            clusters, where documents are drawn by them.
        causes: How often each cause of an undefined value occurred.
        strata: All documents by the model's confidence, least confident first.
    """

    claim: str
    outcome: Outcome
    rows: tuple[VerdictRow, ...]
    kind: Bound
    level: float
    needed: tuple[int, int] | None = None
    causes: Mapping[str, int] = field(default_factory=dict)
    strata: tuple[Stratum, ...] = ()
