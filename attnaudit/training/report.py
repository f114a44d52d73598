"""training.json: what came of a training. Needs no torch."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from attnaudit.errors import UsageError

FILE_NAME = "training.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Scores:
    """How well a classifier does its task on one split.

    Attributes:
        accuracy: Share of documents whose most probable class is the right one.
        f1: Harmonic mean of precision and recall: of the second class where there are two, the
            unweighted mean over classes where there are more.
        auroc: Area under the receiver operating characteristic: of the second class where there
            are two, the unweighted mean of each class against the rest where there are more. None
            if a class has no document.
    """

    accuracy: float
    f1: float
    auroc: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainingReport:
    """What is kept about a training beside its model.

    Attributes:
        test: Scores on the test split.
        dev: Scores on the dev split, which the epoch was chosen by.
        epoch: The epoch whose weights were kept, counted from one.
        seconds: Wall-clock time of all epochs.
        options: The options, with everything that was left to a default filled in.
        documents: Split to its number of documents.
        left_out: Split to the number of documents that were too short or too long.
        digests: sha256 of each split's documents, and of the word vectors or the
            pretrained network if there was one.
        versions: Of what computed it.
    """

    test: Scores
    dev: Scores
    epoch: int
    seconds: float
    options: Mapping[str, object]
    documents: Mapping[str, int]
    left_out: Mapping[str, int]
    digests: Mapping[str, str]
    versions: Mapping[str, str]

    @property
    def seed(self) -> object:
        """The seed of weights and batches."""
        return self.options["seed"]

    def to_json(self) -> str:
        """The content of training.json."""
        return json.dumps(asdict(self) | {"seed": self.seed}, indent=2) + "\n"

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read training.json.

        Raises:
            UsageError: If it is not what `to_json` writes.
        """
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            del content["seed"]
            test, dev = Scores(**content.pop("test")), Scores(**content.pop("dev"))
            return cls(test=test, dev=dev, **content)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise UsageError(
                f"{path} is not the report of a training ({error}). Choose another folder."
            ) from error
