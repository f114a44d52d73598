"""What every claim has: one statistic of one value per document, and a threshold for it."""

from abc import ABC, abstractmethod
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from attnaudit.claims.meaning import Assumption, Level, usual_meaning

Scalar = str | int | float | bool
Direction = Literal["at_least", "at_most"]
Grouping = Literal["predicted", "label", "length", "confidence"]
Range = tuple[float, float]


def _check_printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("should hold printable characters on one line")
    return text


# Claims may come with somebody else's model and are printed on terminals.
Sentence = Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(_check_printable)]


def _check_no_repetition(names: tuple[Grouping, ...]) -> tuple[Grouping, ...]:
    if len(set(names)) < len(names):
        raise ValueError("should name each grouping once")
    return names


class ClaimBase(BaseModel, ABC):
    """What every claim has.

    A claim compares one statistic of one value per document with a threshold.

    Attributes:
        id: Lower-case letters, digits and hyphens; unique in its file.
        statement: The sentence that is judged, in words.
        statistic: "mean" and "median" of the quantity, or the "fraction" of documents whose
            quantity is greater than `fraction_above`.
        fraction_above: Only with "fraction": a value of the quantity.
        at_least: The claim is true if the statistic is at least this. Exactly one of the two.
        at_most: The claim is true if the statistic is at most this.
        by: The claim must hold overall and in every group of these groupings: the class
            "predicted", the "label", ranges of "length" in tokens, ranges of "confidence", the
            probability of the predicted class.
        kind: What sort of claim it is; a report never mixes them.
        inference: What a pass is worth: a "necessary" or "sufficient" condition of attention
            explaining the decision, or a "descriptive" number.
        level: Whether it speaks of an "input-word" or of a "hidden-state": a position, whose state
            holds more than its word. What the audit does unless given.
        assumption: What must be granted: that models of equal decisions reason alike ("model"),
            that alike inputs are reasoned about alike ("prediction"), or that parts of an input
            contribute apart from each other ("linearity"). What the audit needs unless given; None
            where it needs none of them.
        target: Whether it is about the "population" that the documents were drawn from, or about
            "these documents" alone, of which those that are measured are then a sample.
        required: Whether a run fails if the claim is not supported.
        margin: What difference between two releases counts as a change.
        source: Where the claim and its threshold come from.
        min_tokens: Documents with fewer tokens are no part of the claim.
        undefined: What a document without a value counts as. "either": whatever is worse for the
            verdict under test. "fails": the worst value for the claim. "by-cause": fails where
            attention is constant, either otherwise.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, hide_input_in_errors=True
    )

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=100)
    statement: Sentence
    statistic: Literal["mean", "median", "fraction"] = "mean"
    fraction_above: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    # Strict tuples are not lists, and TOML has only lists.
    by: Annotated[
        tuple[Grouping, ...], Field(strict=False), AfterValidator(_check_no_repetition)
    ] = ()
    kind: Literal["agreement", "faithfulness", "plausibility"]
    inference: Literal["necessary", "sufficient", "descriptive"]
    level: Level = "hidden-state"
    assumption: Assumption | None = "model"
    target: Literal["population", "these documents"] = "population"
    required: bool = True
    margin: float | None = Field(default=None, gt=0)
    source: Sentence | None = None
    min_tokens: int = Field(default=1, ge=1)
    undefined: Literal["by-cause", "fails", "either"] = "by-cause"

    @property
    @abstractmethod
    def parameters(self) -> dict[str, Scalar]:
        """What identifies the measurement, apart from model, documents, site and seed."""

    @property
    @abstractmethod
    def range(self) -> Range:
        """Least and largest value of the quantity for one document."""

    @property
    def replaces_attention(self) -> bool:
        """Whether the audit puts other attention in the place of the model's, or asks what would.

        A claim that does can be asked only where attention can be replaced.
        """
        return True

    @property
    def null_quantity(self) -> str | None:
        """Name of the quantity, of the same measurement, that holds what no explanation would have.

        None if the audit stores no null beside the claim's quantity.
        """
        return None

    @property
    def statistic_range(self) -> Range:
        """Least and largest value of the statistic."""
        return (0.0, 1.0) if self.statistic == "fraction" else self.range

    @property
    def direction(self) -> Direction:
        """On which side of the threshold the claim lies."""
        return "at_most" if self.at_least is None else "at_least"

    @property
    def threshold(self) -> float:
        """What the statistic is compared with."""
        return next(limit for limit in (self.at_least, self.at_most) if limit is not None)

    @model_validator(mode="before")
    @classmethod
    def _fill_meaning(cls, keys: Any) -> Any:  # noqa: ANN401 - as it stands in the file
        if not isinstance(keys, dict):
            return keys
        level, assumption = usual_meaning(keys.get("audit"), keys.get("importance"))
        return {"level": level, "assumption": assumption} | keys

    @model_validator(mode="after")
    def _check_limits(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("a claim needs exactly one of the keys at_least and at_most")
        if (self.statistic == "fraction") != (self.fraction_above is not None):
            raise ValueError(
                'the key fraction_above and statistic = "fraction" need each other: they ask for '
                "the fraction of documents above that value"
            )
        if self.fraction_above is not None:
            _check_inside("fraction_above", self.fraction_above, self.range)
        _check_inside(self.direction, self.threshold, self.statistic_range)
        return self


def _check_inside(key: str, value: float, limits: Range) -> None:
    low, high = limits
    if not low < value < high:
        raise ValueError(
            f"{key} = {value:g} should lie strictly between {low:g} and {high:.4g}, or it would be "
            "true or false of every model"
        )
